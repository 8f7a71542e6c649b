// The picture on the page: the photograph over its painting, and the divider between.

import { find } from "./dom.js";

const STEP = 2; // per cent that an arrow key moves the divider
const LEAP = 10; // that a page key does

const frame = find("#frame");
const divider = find("#divider");
const button = find("#compare");

let place = 50; // per cent of the width that shows the photograph

export function start() {
  divider.addEventListener("keydown", onKey);
  frame.addEventListener("pointerdown", onPointer);
  frame.addEventListener("pointermove", (event) => {
    if (frame.hasPointerCapture(event.pointerId)) follow(event);
  });
  divider.addEventListener("dblclick", () => move(0));
  button.addEventListener("click", () => {
    setMode(frame.dataset.mode === "compare" ? "plain" : "compare");
  });
  move(place);
}

/** Shows a picture that is not painted yet. */
export function showPicture({ bitmap, width, height }) {
  frame.style.setProperty("--ratio", width / height);
  frame.style.setProperty("--width", `${2 * width}px`);
  frame.style.setProperty("--tall", Math.max(1, height / width));
  showPhotograph(bitmap);
  showPainting(bitmap);
}

export function showPhotograph(image) {
  put(find("#before"), image);
}

export function showPainting(image) {
  put(find("#after"), image);
}

/** Sets what the pointer does: "compare", "plain" (nothing), or "mask". */
export function setMode(mode) {
  frame.dataset.mode = mode;
  button.setAttribute("aria-pressed", mode === "compare");
  button.disabled = mode === "mask";
}

function put(canvas, image) {
  canvas.width = image.videoWidth ?? image.width;
  canvas.height = image.videoHeight ?? image.height;
  canvas.getContext("2d").drawImage(image, 0, 0);
}

function move(to) {
  place = Math.min(100, Math.max(0, to));
  const shown = Math.round(place);
  frame.style.setProperty("--place", `${place}%`);
  frame.classList.toggle("all-painted", place < 12);
  frame.classList.toggle("all-photo", place > 88);
  divider.setAttribute("aria-valuenow", shown);
  const text = `${shown} % photograph, ${100 - shown} % painting`;
  divider.setAttribute("aria-valuetext", text);
}

function onKey(event) {
  const to = {
    ArrowLeft: place - STEP,
    ArrowDown: place - STEP,
    ArrowRight: place + STEP,
    ArrowUp: place + STEP,
    PageDown: place - LEAP,
    PageUp: place + LEAP,
    Home: 0,
    End: 100,
  }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  move(to);
}

function onPointer(event) {
  if (frame.dataset.mode !== "compare" || event.button) return;
  event.preventDefault();
  divider.focus({ preventScroll: true });
  frame.setPointerCapture(event.pointerId);
  follow(event);
}

function follow({ clientX }) {
  const { left, width } = frame.getBoundingClientRect();
  move((100 * (clientX - left)) / width);
}
