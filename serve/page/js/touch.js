// Sliders under a finger: one that scrolls the page leaves them alone.

const SLOP = 6; // px to the side, from which a finger slides rather than taps or scrolls

let touch = null; // {slider, before, wanted, x, slides}

/** Makes every slider wait until a finger has slid, or has tapped and left. */
export function start() {
  const options = { capture: true };
  addEventListener("pointerdown", onDown, options);
  addEventListener("pointermove", onMove, options);
  addEventListener("pointerup", () => touch && slide(), options);
  addEventListener("input", onInput, options);
  // The browser takes the finger (pointercancel) to scroll, and moves the slider on.
  for (const name of ["touchend", "touchcancel"]) addEventListener(name, leave, options);
}

function onDown({ target, pointerType, clientX }) {
  if (pointerType !== "touch" || target.type !== "range") return;
  touch = { slider: target, before: target.value, wanted: null, x: clientX, slides: false };
}

function onMove({ target, clientX }) {
  if (target === touch?.slider && Math.abs(clientX - touch.x) > SLOP) slide();
}

function slide() {
  touch.slides = true;
  if (touch.wanted === null) return;
  const { slider, wanted } = touch;
  touch.wanted = null;
  slider.value = wanted;
  slider.dispatchEvent(new Event("input", { bubbles: true }));
}

function onInput(event) {
  if (event.target !== touch?.slider || touch.slides) return;
  event.stopImmediatePropagation();
  touch.wanted = touch.slider.value;
  touch.slider.value = touch.before;
}

function leave() {
  touch = null;
}
