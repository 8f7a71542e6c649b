// The mask: the current setting applies where a brush has been.

import { makeCanvas, resize } from "./canvas.js";
import { fill, find } from "./dom.js";

const LONGEST = 1024; // px, the longer side of the mask
const SPACING = 0.15; // between two dabs, as a share of the brush's radius

const frame = find("#frame");
const brush = find("#brush");
const size = find("#brush-size");
const soft = find("#brush-soft");

let mask = makeCanvas(1, 1);
let strokes = []; // {radius, soft, erase, points}, to undo the last one
let open = false;
let onChange;
let frameRequested = false; // so that onChange is called once a frame

/** Calls `changed` when the mask changes, `toggled` when the tool opens or closes. */
export function start(changed, toggled) {
  onChange = changed;
  find("#mask").addEventListener("click", () => {
    setOpen(!open);
    toggled(open);
  });
  find("#mask-done").addEventListener("click", () => {
    find("#mask").click();
    find("#mask").focus();
  });
  find("#mask-undo").addEventListener("click", () => redraw(strokes.slice(0, -1)));
  find("#mask-clear").addEventListener("click", () => redraw([]));
  for (const slider of [size, soft]) {
    slider.addEventListener("input", update);
  }
  frame.addEventListener("pointerdown", onDown);
  frame.addEventListener("pointermove", onMove);
  frame.addEventListener("pointerleave", () => frame.classList.remove("brushing"));
  brush.addEventListener("keydown", onKey);
  update();
}

/** Clears the mask, for a new picture. */
export function reset({ width, height }) {
  const scale = Math.min(1, LONGEST / Math.max(width, height));
  mask = makeCanvas(Math.ceil(width * scale), Math.ceil(height * scale));
  strokes = [];
  moveBrush(0.5, 0.5);
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
export function compose(result, base) {
  const sides = [result.width, result.height];
  const over = resize(mask, sides);
  draw(over, result, "source-in");
  const whole = resize(base, sides);
  // The parts are added. Drawn over each other, transparent ones would become opaque.
  draw(whole, resize(mask, sides), "destination-out");
  draw(whole, over, "lighter");
  return whole;
}

function draw(canvas, image, operation) {
  const context = canvas.getContext("2d");
  context.globalCompositeOperation = operation;
  context.drawImage(image, 0, 0);
}

function setOpen(on) {
  open = on;
  find("#mask-tools").hidden = !on;
  find("#mask").setAttribute("aria-expanded", on);
  brush.hidden = !on;
}

function redraw(remaining) {
  strokes = remaining;
  mask.getContext("2d").clearRect(0, 0, mask.width, mask.height);
  for (const stroke of strokes) {
    const { points } = stroke;
    points.forEach((point, i) => drawLine(stroke, points[i - 1] ?? point, point));
  }
  update();
}

function onDown(event) {
  if (!open || event.button || !event.isPrimary) return;
  event.preventDefault();
  frame.setPointerCapture(event.pointerId);
  beginStroke(pointOf(event));
}

function onMove(event) {
  if (!open) return;
  frame.classList.add("brushing");
  const { left, top, width, height } = frame.getBoundingClientRect();
  moveBrush((event.clientX - left) / width, (event.clientY - top) / height);
  if (!frame.hasPointerCapture(event.pointerId)) return;
  const coalesced = event.getCoalescedEvents?.() ?? [];
  for (const move of coalesced.length ? coalesced : [event]) extendStroke(pointOf(move));
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
  else beginStroke([x * mask.width, y * mask.height]);
  event.preventDefault();
}

function moveBrush(x, y) {
  const percent = (share) => `${100 * Math.min(1, Math.max(0, share))}%`;
  frame.style.setProperty("--x", percent(x));
  frame.style.setProperty("--y", percent(y));
}

function pointOf({ clientX, clientY }) {
  const { left, top, width, height } = frame.getBoundingClientRect();
  const x = ((clientX - left) / width) * mask.width;
  return [x, ((clientY - top) / height) * mask.height];
}

function beginStroke(point) {
  strokes.push({
    radius: ((size.value / 100) * Math.max(mask.width, mask.height)) / 2,
    soft: soft.value / 100,
    erase: find("#brush-erase").checked,
    points: [],
  });
  extendStroke(point);
}

function extendStroke(point) {
  const stroke = strokes.at(-1);
  drawLine(stroke, stroke.points.at(-1) ?? point, point);
  stroke.points.push(point);
  update();
}

/** Draws dabs up to a point; where the line begins there is one already. */
function drawLine({ radius, soft, erase }, [x0, y0], [x1, y1]) {
  const context = mask.getContext("2d");
  context.globalCompositeOperation = erase ? "destination-out" : "source-over";
  const steps = Math.ceil(Math.hypot(x1 - x0, y1 - y0) / (SPACING * radius)) || 1;
  for (let i = 1; i <= steps; i++) {
    const x = x0 + ((x1 - x0) * i) / steps;
    const y = y0 + ((y1 - y0) * i) / steps;
    const gradient = context.createRadialGradient(x, y, radius * (1 - soft), x, y, radius);
    gradient.addColorStop(0, "#000f");
    gradient.addColorStop(1, "#0000");
    context.fillStyle = gradient;
    context.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
  }
}

function update() {
  find("#mask").classList.toggle("used", strokes.length > 0);
  frame.style.setProperty("--brush", size.value);
  for (const slider of [size, soft]) {
    slider.setAttribute("aria-valuetext", `${slider.value} %`);
    fill(slider);
  }
  for (const name of ["#mask-undo", "#mask-clear"]) find(name).disabled = !strokes.length;
  if (frameRequested || !onChange) return;
  frameRequested = true;
  requestAnimationFrame(() => {
    frameRequested = false;
    onChange();
  });
}
