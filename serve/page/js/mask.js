// The mask: the current setting applies where a brush has been.

import { makeCanvas } from "./canvas.js";
import { compose, composeAgain } from "./compose.js";
import { fill, find } from "./dom.js";
import { drawAll, drawFrom } from "./strokes.js";

const LONGEST = 1024; // px, the longer side of the mask

const frame = find("#frame");
const brush = find("#brush");
const size = find("#brush-size");
const soft = find("#brush-soft");

let mask = makeCanvas(1, 1);
let strokes = []; // see strokes.js; neither it nor a finished stroke is ever changed
let stroke = null; // the one under the pointer
let fingers = 0;
let open = false;
let onDraw;
let onStroke;
let frameRequested = false; // so that onDraw is called once a frame

/**
 * Starts the tool.
 *
 * @param {function()} drawn called when the mask looks different
 * @param {function()} changed called when its strokes are others, as by `set`
 * @param {function(boolean)} toggled called when the tool opens or closes
 */
export function start(drawn, changed, toggled) {
  onDraw = drawn;
  onStroke = changed;
  find("#mask").addEventListener("click", () => {
    setOpen(!open);
    toggled(open);
  });
  find("#mask-done").addEventListener("click", () => {
    find("#mask").click();
    find("#mask").focus();
  });
  find("#mask-fill").addEventListener("click", () => replace(["fill"]));
  find("#mask-invert").addEventListener("click", () => replace([...strokes, "invert"]));
  find("#mask-clear").addEventListener("click", () => replace([]));
  for (const slider of [size, soft]) {
    slider.addEventListener("input", update);
  }
  frame.addEventListener("pointerdown", onDown);
  frame.addEventListener("pointermove", onMove);
  frame.addEventListener("pointerup", onUp);
  frame.addEventListener("pointercancel", onCancel);
  frame.addEventListener("pointerleave", () => frame.classList.remove("brushing"));
  brush.addEventListener("keydown", onKey);
  update();
}

/** Fits the mask to a new picture. */
export function fit({ width, height }) {
  const scale = Math.min(1, LONGEST / Math.max(width, height));
  mask = makeCanvas(Math.ceil(width * scale), Math.ceil(height * scale));
  moveBrush(0.5, 0.5);
  set(strokes);
}

/** Returns the strokes. */
export function get() {
  return strokes;
}

/** Replaces the strokes without calling `changed`. */
export function set(newStrokes) {
  strokes = newStrokes;
  stroke = null;
  drawAll(mask, strokes);
  update();
}

/** Returns whether the mask applies; while the tool is open even an empty one does. */
export function isOn() {
  return open || strokes.length > 0;
}

export function isOpen() {
  return open;
}

/** Lays a result over a base where the mask is painted. */
export function apply(result, base) {
  return compose(mask, result, base, [result.width, result.height]);
}

/** As `apply`, only as large as the screen shows it: a brush must be followed. */
export function applyForScreen(result, base) {
  const { width, height } = frame.getBoundingClientRect();
  const longer = Math.max(result.width, result.height);
  const shown = Math.max(width, height) * devicePixelRatio;
  const scale = Math.min(1, Math.max(LONGEST, shown) / longer);
  const sides = [result.width, result.height].map((side) => Math.round(side * scale));
  return composeAgain(mask, result, base, sides);
}

function replace(newStrokes) {
  set(newStrokes);
  onStroke();
}

function setOpen(on) {
  open = on;
  find("#mask-tools").hidden = !on;
  find("#mask").setAttribute("aria-expanded", on);
  brush.hidden = !on;
}

function onDown(event) {
  if (!open || event.button) return;
  fingers = event.isPrimary ? 1 : fingers + 1;
  if (fingers > 1) return onCancel(); // a pinch
  event.preventDefault();
  frame.setPointerCapture(event.pointerId);
  beginStroke(shareOf(event));
}

function onMove(event) {
  if (!open) return;
  frame.classList.add("brushing");
  moveBrush(...shareOf(event));
  if (!stroke || !event.isPrimary) return;
  const coalesced = event.getCoalescedEvents?.() ?? [];
  extendStroke((coalesced.length ? coalesced : [event]).map(shareOf));
}

function onUp({ isPrimary }) {
  if (stroke && isPrimary) endStroke();
}

/** Takes back the stroke under the pointer. */
function onCancel() {
  if (stroke) set(strokes);
}

function onKey(event) {
  const step = size.value / 400;
  const position = (name) => parseFloat(frame.style.getPropertyValue(name)) / 100;
  const [x, y] = [position("--x"), position("--y")];
  const target = {
    ArrowLeft: [x - step, y],
    ArrowRight: [x + step, y],
    ArrowUp: [x, y - step],
    ArrowDown: [x, y + step],
  }[event.key];
  if (target) moveBrush(...target);
  else if (event.key !== " " && event.key !== "Enter") return;
  else {
    beginStroke([x, y]);
    endStroke();
  }
  event.preventDefault();
}

function moveBrush(x, y) {
  const percent = (share) => `${100 * Math.min(1, Math.max(0, share))}%`;
  frame.style.setProperty("--x", percent(x));
  frame.style.setProperty("--y", percent(y));
}

function shareOf({ clientX, clientY }) {
  const { left, top, width, height } = frame.getBoundingClientRect();
  return [(clientX - left) / width, (clientY - top) / height];
}

function beginStroke(point) {
  stroke = {
    radius: size.value / 200,
    soft: soft.value / 100,
    erase: find("#brush-erase").checked,
    points: [],
  };
  extendStroke([point]);
}

function extendStroke(points) {
  const index = stroke.points.length;
  stroke.points.push(...points);
  drawFrom(mask, stroke, index);
  update();
}

function endStroke() {
  strokes = [...strokes, stroke];
  stroke = null;
  update();
  onStroke();
}

function update() {
  find("#mask").classList.toggle("used", strokes.length > 0);
  frame.style.setProperty("--brush", size.value);
  for (const slider of [size, soft]) {
    slider.setAttribute("aria-valuetext", `${slider.value} %`);
    fill(slider);
  }
  find("#mask-clear").disabled = !strokes.length;
  if (frameRequested || !onDraw) return;
  frameRequested = true;
  requestAnimationFrame(() => {
    frameRequested = false;
    onDraw();
  });
}
