// The mask: where a brush has been, the present setting paints.

import { canvas, fill, find } from "./dom.js";
import { drawn } from "./picture.js";

const LONGEST = 1024; // px of the mask
const SPACING = 0.15; // of the brush's radius, from one dab to the next

const frame = find("#frame");
const brush = find("#brush");
const size = find("#brush-size");
const soft = find("#brush-soft");

let mask = canvas(1, 1);
let strokes = []; // {radius, soft, erase, points}, to undo one
let open = false;
let changed; // called when the mask has
let asked = false; // to call it at the next frame

/** Calls `told` whenever the mask changes, and `opened` when the tool opens or shuts. */
export function start(told, opened) {
  changed = told;
  find("#mask").addEventListener("click", () => {
    show(!open);
    opened(open);
  });
  find("#mask-done").addEventListener("click", () => {
    find("#mask").click();
    find("#mask").focus();
  });
  find("#mask-undo").addEventListener("click", () => redraw(strokes.slice(0, -1)));
  find("#mask-clear").addEventListener("click", () => redraw([]));
  for (const slider of [size, soft]) {
    slider.addEventListener("input", tell);
  }
  frame.addEventListener("pointerdown", onDown);
  frame.addEventListener("pointermove", onMove);
  frame.addEventListener("pointerleave", () => frame.classList.remove("brushing"));
  brush.addEventListener("keydown", onKey);
  tell();
}

/** Begins anew, for a picture. */
export function reset({ width, height }) {
  const scale = Math.min(1, LONGEST / Math.max(width, height));
  mask = canvas(Math.ceil(width * scale), Math.ceil(height * scale));
  strokes = [];
  place(0.5, 0.5);
  tell();
}

/** Tells whether there is a mask, be it a blank one while the tool is open. */
export function isOn() {
  return open || strokes.length > 0;
}

export function isOpen() {
  return open;
}

/** Lays a painting over a base where the mask says so. */
export function compose(painted, base) {
  const sides = [painted.width, painted.height];
  const over = drawn(mask, sides);
  put(over, painted, "source-in");
  const all = drawn(base, sides);
  // Not one over the other, which would make a transparent picture less so.
  put(all, drawn(mask, sides), "destination-out");
  put(all, over, "lighter");
  return all;
}

function put(onto, image, how) {
  const context = onto.getContext("2d");
  context.globalCompositeOperation = how;
  context.drawImage(image, 0, 0);
}

function show(on) {
  open = on;
  find("#mask-tools").hidden = !on;
  find("#mask").setAttribute("aria-expanded", on);
  brush.hidden = !on;
}

function redraw(kept) {
  strokes = kept;
  mask.getContext("2d").clearRect(0, 0, mask.width, mask.height);
  for (const stroke of strokes) {
    stroke.points.forEach((point, i) => draw(stroke, stroke.points[i - 1] ?? point, point));
  }
  tell();
}

function onDown(event) {
  if (!open || event.button || !event.isPrimary) return;
  event.preventDefault();
  frame.setPointerCapture(event.pointerId);
  begin(onMask(event));
}

function onMove(event) {
  if (!open) return;
  frame.classList.add("brushing");
  const { left, top, width, height } = frame.getBoundingClientRect();
  place((event.clientX - left) / width, (event.clientY - top) / height);
  if (!frame.hasPointerCapture(event.pointerId)) return;
  const between = event.getCoalescedEvents?.() ?? [];
  for (const one of between.length ? between : [event]) goOn(onMask(one));
}

function onKey(event) {
  const step = size.value / 400;
  const [x, y] = ["--x", "--y"].map((n) => parseFloat(frame.style.getPropertyValue(n)) / 100);
  const to = {
    ArrowLeft: [x - step, y],
    ArrowRight: [x + step, y],
    ArrowUp: [x, y - step],
    ArrowDown: [x, y + step],
  }[event.key];
  if (to) place(...to);
  else if (event.key === " " || event.key === "Enter") begin([x * mask.width, y * mask.height]);
  else return;
  event.preventDefault();
}

function place(x, y) {
  const inside = (value) => 100 * Math.min(1, Math.max(0, value));
  frame.style.setProperty("--x", `${inside(x)}%`);
  frame.style.setProperty("--y", `${inside(y)}%`);
}

function onMask({ clientX, clientY }) {
  const { left, top, width, height } = frame.getBoundingClientRect();
  const x = ((clientX - left) / width) * mask.width;
  return [x, ((clientY - top) / height) * mask.height];
}

function begin(point) {
  strokes.push({
    radius: ((size.value / 100) * Math.max(mask.width, mask.height)) / 2,
    soft: soft.value / 100,
    erase: find("#brush-erase").checked,
    points: [],
  });
  goOn(point);
}

function goOn(point) {
  const stroke = strokes.at(-1);
  draw(stroke, stroke.points.at(-1) ?? point, point);
  stroke.points.push(point);
  tell();
}

/** Draws dabs from one point to another, the first left out unless it is the last. */
function draw({ radius, soft, erase }, [x0, y0], [x1, y1]) {
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

function tell() {
  find("#mask").classList.toggle("used", strokes.length > 0);
  frame.style.setProperty("--brush", size.value);
  for (const slider of [size, soft]) {
    slider.setAttribute("aria-valuetext", `${slider.value} %`);
    fill(slider);
  }
  for (const name of ["#mask-undo", "#mask-clear"]) find(name).disabled = !strokes.length;
  if (asked || !changed) return;
  asked = true;
  requestAnimationFrame(() => {
    asked = false;
    changed();
  });
}
