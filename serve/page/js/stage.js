// The picture on the page: the photograph over its result, and the divider between.

import { find } from "./dom.js";
import { say } from "./words.js";

const STEP = 2; // per cent, by which an arrow key moves the divider
const LEAP = 10; // per cent, by which a page key does
const EDGE = 12; // per cent of the width, too narrow for a label

const frame = find("#frame");
const divider = find("#divider");
const button = find("#compare");

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
  move(place);
}

/** Shows a photograph that has no result yet. */
export function showPicture({ bitmap, width, height }) {
  frame.style.setProperty("--ratio", width / height);
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

/** Sets what the pointer does: "compare", "plain" (nothing) or "mask". */
export function setMode(mode) {
  frame.dataset.mode = mode;
  button.setAttribute("aria-pressed", mode === "compare");
  button.disabled = mode === "mask";
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
  if (frame.dataset.mode !== "compare" || event.button) return;
  event.preventDefault();
  divider.focus({ preventScroll: true });
  frame.setPointerCapture(event.pointerId);
  placeBefore = place;
  follow(event);
}

function follow({ clientX }) {
  const { left, width } = frame.getBoundingClientRect();
  move((100 * (clientX - left)) / width);
}
