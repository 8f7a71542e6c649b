// The picture on the page: its result, and the photograph, whole or beside a divider.

import { find } from "./dom.js";
import { say } from "./words.js";

const STEP = 2; // per cent, by which an arrow key moves the divider
const LEAP = 10; // per cent, by which a page key does
const EDGE = 12; // per cent of the width, too narrow for a label
const HOLD = 180; // ms, from which a pointer holds rather than moves or taps
const SLOP = 6; // px, by which a pointer that holds may move
const GRIP = 24; // px beside the divider, where a pointer takes it in an enlarged picture

const frame = find("#frame");
const divider = find("#divider");
const button = find("#compare");
const peek = find("#peek");

let place = 50; // per cent of the width, where the photograph ends
let placeBefore = place; // as a pointer went down

export function start() {
  divider.addEventListener("keydown", onKey);
  frame.addEventListener("pointerdown", onDown);
  frame.addEventListener("pointermove", (event) => {
    if (frame.hasPointerCapture(event.pointerId)) follow(event);
  });
  // A finger that scrolls the page leaves the divider where it was.
  frame.addEventListener("pointercancel", () => {
    if (frame.dataset.mode === "compare") move(placeBefore);
  });
  divider.addEventListener("dblclick", () => move(0));
  button.addEventListener("click", () => {
    setMode(frame.dataset.mode === "compare" ? "plain" : "compare");
  });
  startPeeking();
  move(place);
}

/** Shows the photograph while a pointer holds the picture or the button; a key switches it. */
function startPeeking() {
  const set = (on) => {
    frame.classList.toggle("peeking", on);
    peek.setAttribute("aria-pressed", on);
  };
  let timer = 0;
  let from = null;
  const end = () => {
    clearTimeout(timer);
    set(false);
  };
  frame.addEventListener("pointerdown", (event) => {
    if (frame.dataset.mode !== "plain" || event.button || !event.isPrimary) return end();
    from = [event.clientX, event.clientY];
    timer = setTimeout(() => set(true), HOLD);
  });
  frame.addEventListener("pointermove", ({ clientX, clientY }) => {
    if (from && Math.hypot(clientX - from[0], clientY - from[1]) > SLOP) end();
  });
  frame.addEventListener("contextmenu", (event) => {
    if (frame.classList.contains("peeking")) event.preventDefault();
  });
  peek.addEventListener("pointerdown", () => set(true));
  peek.addEventListener("click", ({ detail }) => {
    if (!detail) set(!frame.classList.contains("peeking")); // a key pressed the button
  });
  for (const name of ["pointerup", "pointercancel", "pointerleave"]) {
    for (const element of [frame, peek]) element.addEventListener(name, end);
  }
  peek.addEventListener("blur", end);
}

/** Shows a photograph that has no result yet. */
export function showPicture({ bitmap, width, height }) {
  find("#table").style.setProperty("--ratio", width / height);
  frame.style.setProperty("--width", `${2 * width}px`);
  frame.style.setProperty("--tall", Math.max(1, height / width));
  showPhotograph(bitmap);
  showResult(bitmap);
}

export function showPhotograph(image) {
  draw(find("#before"), image);
}

export function showResult(image) {
  draw(find("#after"), image);
}

/** Returns where a pointer is on the picture, as shares of its width and height. */
export function placeOf({ clientX, clientY }) {
  const { left, top, width, height } = frame.getBoundingClientRect();
  return [(clientX - left) / width, (clientY - top) / height];
}

/** Uncovers the result once, from the photograph. */
export function reveal() {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  frame.classList.add("revealing");
  const end = () => frame.classList.remove("revealing");
  find("#before").addEventListener("animationend", end, { once: true });
}

/** Sets what the pointer does: "compare", "plain" (nothing) or "mask". */
export function setMode(mode) {
  frame.dataset.mode = mode;
  button.setAttribute("aria-pressed", mode === "compare");
  button.disabled = peek.disabled = mode === "mask";
}

function draw(canvas, image) {
  canvas.width = image.videoWidth ?? image.width;
  canvas.height = image.videoHeight ?? image.height;
  canvas.getContext("2d").drawImage(image, 0, 0);
}

function move(target) {
  place = Math.min(100, Math.max(0, target));
  const percent = Math.round(place);
  frame.style.setProperty("--place", `${place}%`);
  frame.classList.toggle("all-result", place < EDGE);
  frame.classList.toggle("all-photo", place > 100 - EDGE);
  divider.setAttribute("aria-valuenow", percent);
  const text = say("compare.place", { photo: percent, result: 100 - percent });
  divider.setAttribute("aria-valuetext", text);
}

function onKey(event) {
  const target = {
    ArrowLeft: place - STEP,
    ArrowDown: place - STEP,
    ArrowRight: place + STEP,
    ArrowUp: place + STEP,
    PageDown: place - LEAP,
    PageUp: place + LEAP,
    Home: 0,
    End: 100,
  }[event.key];
  if (target === undefined) return;
  event.preventDefault();
  move(target);
}

function onDown(event) {
  if (frame.dataset.mode !== "compare" || event.button || !event.isPrimary) return;
  if (isEnlarged() && !isNear(event)) return;
  event.preventDefault();
  divider.focus({ preventScroll: true });
  frame.setPointerCapture(event.pointerId);
  placeBefore = place;
  follow(event);
}

function isEnlarged() {
  return frame.parentElement.classList.contains("zoomed");
}

function isNear({ clientX }) {
  const { left, width } = frame.getBoundingClientRect();
  return Math.abs(clientX - left - (place / 100) * width) < GRIP;
}

function follow(event) {
  move(100 * placeOf(event)[0]);
}
