// The tray of the blend: a slider for each style that is chosen.

import { fill, find, make } from "./dom.js";
import { percentages } from "./settings.js";
import { titleOf } from "./titles.js";
import { say } from "./words.js";

const list = find("#parts");
const rows = new Map(); // the elements of each chosen style, by its name

let styles = new Map(); // by their names
let onMove;
let onRemove;

/**
 * Starts the tray.
 *
 * @param {function(object, string)} move called with the weights, and the name of the
 *   style whose slider someone moves
 * @param {function(string)} remove called with the style that someone takes out
 */
export function start(move, remove) {
  [onMove, onRemove] = [move, remove];
}

/** Knows these styles from now on. */
export function offer(known) {
  styles = new Map(known.map((style) => [style.name, style]));
}

/** Shows the chosen styles; a slider at 0 stays until its style is taken out. */
export function set(weights) {
  if (JSON.stringify(weights) === JSON.stringify(read())) return;
  for (const [name, { element }] of rows) {
    if (name in weights) continue;
    moveFocus(element);
    element.remove();
    rows.delete(name);
  }
  for (const [name, weight] of Object.entries(weights)) {
    if (!rows.has(name)) {
      rows.set(name, makeRow(styles.get(name)));
      list.append(rows.get(name).element); // those that are there keep the focus
    }
    rows.get(name).slider.value = Math.round(100 * weight);
  }
  show();
}

/** Returns the weights above 0. */
function read() {
  const entries = [...rows].map(([name, { slider }]) => [name, slider.value / 100]);
  return Object.fromEntries(entries.filter(([, weight]) => weight));
}

function makeRow(style) {
  const { name } = style;
  const title = titleOf(style);
  const slider = make("input", {
    ...{ type: "range", min: 0, max: 100, value: 0 },
    "aria-label": say("styles.share", { title }),
  });
  slider.addEventListener("input", () => {
    show();
    onMove(read(), name);
  });
  // Hidden from screen readers, which the slider tells its share.
  const output = make("span", { class: "share", "aria-hidden": "true" });
  const label = say("blend.remove", { title });
  const attributes = { type: "button", class: "quiet", "aria-label": label, title: label };
  const remove = make("button", attributes, "×");
  remove.addEventListener("click", () => onRemove(name));
  const text = make("span", { class: "title", title }, title);
  return { element: make("li", {}, text, slider, output, remove), slider, output };
}

/** Moves the focus out of an element that is about to go. */
function moveFocus(element) {
  if (!element.contains(document.activeElement)) return;
  const next = element.nextElementSibling ?? element.previousElementSibling;
  (next?.querySelector("button") ?? find("#reset")).focus();
}

/** Shows each style's share of the blend. */
function show() {
  const shares = percentages(read());
  for (const [name, { slider, output }] of rows) {
    const share = shares[name] ?? 0;
    output.textContent = `${share} %`;
    slider.setAttribute("aria-valuetext", say("styles.value", { value: slider.value, share }));
    fill(slider);
  }
  find("#blend-hint").textContent = rows.size > 1 ? "" : say("blend.hint");
}
