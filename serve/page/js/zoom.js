// The picture enlarged: by buttons, keys, the wheel and two fingers. The table scrolls it.

import { find } from "./dom.js";
import { say, sayNumber } from "./words.js";

const STEP = 1.25; // from one size to the next
const LARGEST = 8; // times the result's own size
const SAME = 0.02; // how near a size is the one that fits
const WHEEL = 0.002; // how fast a wheel enlarges
const KEYS = { "+": () => step(STEP), "=": () => step(STEP), "-": () => step(1 / STEP) };
const PRESETS = { "#zoom-fit": null, "#zoom-100": 1, "#zoom-200": 2 };

const table = find("#table");
const frame = find("#frame");

let sides = { width: 1, height: 1 }; // of the whole result, px
let scale = null; // screen's px for one of the result's; null fits the picture in
let pinch = null; // {distance, scale} as two fingers went down

export function start() {
  find("#zoom-out").addEventListener("click", () => step(1 / STEP));
  find("#zoom-in").addEventListener("click", () => step(STEP));
  for (const [name, value] of Object.entries(PRESETS)) {
    find(name).addEventListener("click", () => set(value));
  }
  document.addEventListener("keydown", onKey);
  table.addEventListener("wheel", onWheel, { passive: false });
  table.addEventListener("touchstart", onTouch, { passive: false });
  table.addEventListener("touchmove", onTouch, { passive: false });
  table.addEventListener("touchend", () => (pinch = null));
  frame.addEventListener("pointerdown", onDown);
  frame.addEventListener("pointermove", onMove);
  new ResizeObserver(show).observe(frame);
}

/** Takes the whole result's width and height, and fits it in. */
export function fit(newSides) {
  sides = newSides;
  set(null);
}

/** Takes another size of the same picture's result. */
export function resize(newSides) {
  if (newSides.width === sides.width) return;
  sides = newSides;
  set(scale);
}

/**
 * Sets the size.
 *
 * @param {?number} target screen's px for one of the result's; null fits the picture in
 * @param {object} [point] `clientX` and `clientY` of what stays where it is: the middle
 */
function set(target, point = middle()) {
  const before = frame.getBoundingClientRect();
  const place = [
    (point.clientX - before.left) / before.width,
    (point.clientY - before.top) / before.height,
  ];
  scale = bounded(target);
  table.classList.toggle("zoomed", scale !== null);
  if (scale) table.tabIndex = 0;
  else table.removeAttribute("tabindex");
  frame.style.setProperty("--px", `${((scale ?? 1) * sides.width) / devicePixelRatio}px`);
  const after = frame.getBoundingClientRect();
  table.scrollLeft += after.left + place[0] * after.width - point.clientX;
  table.scrollTop += after.top + place[1] * after.height - point.clientY;
  show();
}

/** Returns a size that is not too large, and not so small that nothing more is seen. */
function bounded(target) {
  const fitted = fitting();
  if (target === null || Math.abs(target / fitted - 1) < SAME) return null;
  const least = Math.min(1, fitted);
  if (target < least) return least === fitted ? null : least;
  return Math.min(target, LARGEST);
}

function step(factor, point) {
  set(current() * factor, point);
}

/** Returns the screen's px for one of the result's. */
function current() {
  return (frame.clientWidth * devicePixelRatio) / sides.width;
}

/** Returns the scale at which the picture fits in. */
function fitting() {
  const { clientWidth, clientHeight } = table;
  const width = Math.min(clientWidth, (clientHeight * sides.width) / sides.height);
  return (Math.min(width, 2 * sides.width) * devicePixelRatio) / sides.width;
}

function middle() {
  const { left, top, width, height } = table.getBoundingClientRect();
  return { clientX: left + width / 2, clientY: top + height / 2 };
}

function show() {
  const percent = sayNumber(100 * current());
  find("#zoom-level").textContent = say("zoom.level", { percent });
  for (const [name, value] of Object.entries(PRESETS)) {
    find(name).setAttribute("aria-pressed", scale === value);
  }
}

/** A key works where nothing else takes it: on the picture, or with the focus nowhere. */
function onKey(event) {
  const { key, target, ctrlKey, metaKey, altKey } = event;
  const free = target === document.body || target.closest?.("#stage");
  if (!free || target.matches("input, select") || ctrlKey || metaKey || altKey) return;
  const act = key === "0" ? () => set(null) : KEYS[key];
  if (!act) return;
  event.preventDefault();
  act();
}

/** A wheel enlarges where the page itself does not scroll, or with Ctrl. */
function onWheel(event) {
  const { scrollHeight, clientHeight } = document.documentElement;
  if (!event.ctrlKey && scrollHeight > clientHeight) return;
  event.preventDefault();
  step(Math.exp(-event.deltaY * WHEEL * (event.ctrlKey ? 5 : 1)), event);
}

function onTouch(event) {
  if (event.touches.length !== 2) return;
  event.preventDefault();
  const [one, other] = event.touches;
  const distance = Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
  const point = {
    clientX: (one.clientX + other.clientX) / 2,
    clientY: (one.clientY + other.clientY) / 2,
  };
  if (!pinch) pinch = { distance, scale: current(), point };
  table.scrollLeft -= point.clientX - pinch.point.clientX;
  table.scrollTop -= point.clientY - pinch.point.clientY;
  pinch.point = point;
  set((pinch.scale * distance) / pinch.distance, point);
}

/** A mouse drags an enlarged picture; fingers scroll it. */
function onDown(event) {
  const takes = event.pointerType === "mouse" && !event.button && scale !== null;
  const free = frame.dataset.mode !== "mask" && !frame.hasPointerCapture(event.pointerId);
  if (takes && free) frame.classList.add("dragging");
  addEventListener("pointerup", () => frame.classList.remove("dragging"), { once: true });
}

function onMove({ movementX, movementY }) {
  if (!frame.classList.contains("dragging")) return;
  table.scrollLeft -= movementX;
  table.scrollTop -= movementY;
}
