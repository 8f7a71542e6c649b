// The tools that draw the mask: under a pointer, and by keyboard.

import { fill, find } from "./dom.js";
import * as mask from "./mask.js";
import { show as showMessage, tell } from "./messages.js";
import { placeOf } from "./stage.js";
import { say } from "./words.js";

const GROWTH = 1.2; // of the brush by each press of a key
const SHORTEST = 0.01; // of a gradient, as a share of the sides; a tap draws none

const frame = find("#frame");
const brush = find("#brush");
const tools = find("#mask-tools");
const size = find("#brush-size");
const soft = find("#brush-soft");

let open = false;
let fingers = 0;
let place = [0.5, 0.5]; // of the brush
let anchor = null; // where a gradient begins that the keyboard draws

/** Starts the tools; they are closed. */
export function start() {
  for (const slider of [size, soft]) slider.addEventListener("input", showBrush);
  frame.addEventListener("pointerdown", onDown);
  frame.addEventListener("pointermove", onMove);
  frame.addEventListener("pointerup", onUp);
  frame.addEventListener("pointercancel", onCancel);
  frame.addEventListener("pointerleave", () => frame.classList.remove("brushing"));
  brush.addEventListener("keydown", onBrushKey);
  for (const part of [frame, tools]) part.addEventListener("keydown", onUndoKey);
  document.addEventListener("keydown", onSizeKey);
  showBrush();
}

/** Opens or closes the tools. */
export function setOpen(on) {
  open = on;
  anchor = null;
  brush.hidden = !on;
  if (!on) return mask.cancel();
  // Where all is painted, there is nothing to paint.
  if (!mask.isOn() && tool() === "paint") find("#brush-erase").checked = true;
  moveBrush([0.5, 0.5]);
}

function tool() {
  return tools.querySelector("[name=brush]:checked").value;
}

function onDown(event) {
  if (!open || event.button) return;
  fingers = event.isPrimary ? 1 : fingers + 1;
  if (fingers > 1) return onCancel(); // a pinch
  event.preventDefault();
  brush.focus({ preventScroll: true });
  frame.setPointerCapture(event.pointerId);
  moveBrush(placeOf(event));
  if (tool() === "gradient") anchor = place;
  else if (hasRoom()) mask.begin(strokeAt(place));
}

function onMove(event) {
  if (!open) return;
  frame.classList.add("brushing");
  moveBrush(placeOf(event));
  if (!event.isPrimary || !frame.hasPointerCapture(event.pointerId)) return;
  const coalesced = event.getCoalescedEvents?.() ?? [];
  if (anchor) drawGradient();
  else if (mask.isDrawing()) {
    mask.extend((coalesced.length ? coalesced : [event]).map(placeOf));
  }
}

function onUp({ isPrimary }) {
  if (!isPrimary) return;
  anchor = null;
  if (mask.isDrawing()) mask.end();
}

/** Takes back what the pointer has drawn. */
function onCancel() {
  anchor = null;
  mask.cancel();
}

function onBrushKey(event) {
  const step = (event.shiftKey ? 4 : 1) * (size.value / 400);
  const [x, y] = place;
  const target = {
    ArrowLeft: [x - step, y],
    ArrowRight: [x + step, y],
    ArrowUp: [x, y - step],
    ArrowDown: [x, y + step],
  }[event.key];
  if (target) {
    moveBrush(target.map((share) => Math.min(1, Math.max(0, share))));
    if (anchor) drawGradient();
  } else if (event.key === " " || event.key === "Enter") press();
  else if (event.key === "Escape" && anchor) {
    onCancel();
    event.stopPropagation();
  } else return;
  event.preventDefault();
}

/** Paints where the brush is; a gradient takes two of these. */
function press() {
  if (tool() !== "gradient") {
    if (!hasRoom()) return;
    mask.add(strokeAt(place));
    const [across, down] = place.map((share) => Math.round(100 * share));
    tell(say(`mask.drawn.${tool()}`, { across, down }));
  } else if (!anchor) {
    anchor = place;
    showMessage(say("mask.begun"));
  } else {
    anchor = null;
    if (mask.isDrawing()) mask.end();
  }
}

/** Undoes strokes alone, while the focus is at the brush or its tools. */
function onUndoKey(event) {
  if (!open || !(event.ctrlKey || event.metaKey) || event.altKey) return;
  const key = event.key.toLowerCase();
  const again = key === "y" || (key === "z" && event.shiftKey);
  if (!again && key !== "z") return;
  event.preventDefault();
  event.stopPropagation();
  if (again) mask.redo();
  else mask.undo();
}

function onSizeKey({ key, target }) {
  if (!open || (key !== "[" && key !== "]") || target.matches("input:not([type=range])")) {
    return;
  }
  const now = Number(size.value);
  size.value = key === "]" ? Math.max(now + 1, now * GROWTH) : Math.min(now - 1, now / GROWTH);
  showBrush();
}

/** Returns whether there is anything left to paint; says so where there is not. */
function hasRoom() {
  const room = mask.isOn() || tool() === "erase";
  if (!room) showMessage(say("mask.full"));
  return room;
}

function strokeAt(point) {
  return {
    radius: size.value / 200,
    soft: soft.value / 100,
    erase: tool() === "erase",
    points: [point],
  };
}

function drawGradient() {
  const length = Math.hypot(place[0] - anchor[0], place[1] - anchor[1]);
  if (length > SHORTEST) mask.begin({ from: anchor, to: place });
  else mask.cancel();
}

function moveBrush(target) {
  place = target;
  const percent = (share) => `${100 * Math.min(1, Math.max(0, share))}%`;
  frame.style.setProperty("--x", percent(place[0]));
  frame.style.setProperty("--y", percent(place[1]));
}

function showBrush() {
  frame.style.setProperty("--brush", size.value);
  for (const slider of [size, soft]) {
    slider.setAttribute("aria-valuetext", `${slider.value} %`);
    fill(slider);
  }
}
