// The list of styles: a click applies one alone, sliders set the share of each.

import { fill, find, make } from "./dom.js";
import { say } from "./words.js";

const THUMBNAIL = 52; // px, as layout.css has it

const rows = new Map(); // the elements of each style, by its name

/**
 * Fills the list.
 *
 * @param {object[]} styles
 * @param {function(object, ?string)} changed called with the weights whenever someone
 *   changes them; the moves of a slider come with its style's name
 */
export function start(styles, changed) {
  const replace = (newWeights) => {
    set(newWeights);
    changed(weights(), null);
  };
  for (const style of styles) {
    const row = makeRow(style);
    rows.set(style.name, row);
    row.slider.addEventListener("input", () => {
      show();
      changed(weights(), `style ${style.name}`);
    });
    row.button.addEventListener("click", () => replace({ [style.name]: 1 }));
  }
  find("#styles").replaceChildren(...[...rows.values()].map((row) => row.element));
  find("#surprise").addEventListener("click", () => replace(randomWeights()));
  find("#surprise").hidden = styles.length < 2;
}

/** Moves the sliders without calling `changed`. */
export function set(newWeights) {
  for (const [name, { slider }] of rows) {
    slider.value = Math.round(100 * (newWeights[name] ?? 0));
  }
  show();
}

/** Returns the weights above 0 by the style's name. */
function weights() {
  const entries = [...rows].map(([name, { slider }]) => [name, slider.value / 100]);
  return Object.fromEntries(entries.filter(([, weight]) => weight));
}

function makeRow({ name, title, artist, year, credit, thumbnail }) {
  title ??= name.replaceAll("_", " ");
  // Encoded so that two names never have the same id.
  const id = `style-${name.replace(/\W/gu, (sign) => `-${sign.codePointAt(0)}-`)}`;
  const sides = { width: THUMBNAIL, height: THUMBNAIL };
  const picture = thumbnail
    ? make("img", { src: thumbnail, alt: "", ...sides, loading: "lazy" })
    : make("span", { class: "initial", "aria-hidden": "true" }, title[0]);
  const author = [artist, year].filter(Boolean).join(", ");
  const button = make(
    "button",
    { type: "button", class: "solo", title: credit ? `${title}: ${credit}` : title },
    picture,
    make("span", { class: "title" }, title),
    make("span", { class: "by" }, author),
    make("span", { class: "hidden" }, say("styles.alone")),
  );
  const slider = make("input", {
    ...{ type: "range", id, min: 0, max: 100, value: 0 },
    "aria-label": say("styles.share", { title }),
  });
  // Hidden from screen readers, which the slider tells its share.
  const output = make("span", { class: "share", "aria-hidden": "true" });
  const element = make("li", { class: "style" }, button, slider, output);
  return { element, button, slider, output };
}

/** Shows each style's share of the blend. */
function show() {
  const values = [...rows.values()].map(({ slider }) => Number(slider.value));
  const sum = values.reduce((sum, value) => sum + value, 0);
  const shares = percentages(values, sum);
  for (const { element, button, slider, output } of rows.values()) {
    const share = shares.shift();
    output.textContent = share ? `${share} %` : "";
    slider.setAttribute("aria-valuetext", say("styles.value", { value: slider.value, share }));
    element.classList.toggle("active", Number(slider.value) > 0);
    button.setAttribute("aria-pressed", sum > 0 && slider.value === String(sum));
    fill(slider);
  }
}

/** Returns whole percentages that add up to 100: the largest remainders round up. */
function percentages(values, sum) {
  const exact = values.map((value) => (sum ? (100 * value) / sum : 0));
  const whole = exact.map(Math.floor);
  const total = (numbers) => numbers.reduce((a, b) => a + b, 0);
  const missing = Math.round(total(exact)) - total(whole);
  const remainder = (i) => exact[i] - whole[i];
  const order = [...exact.keys()].sort((i, j) => remainder(j) - remainder(i));
  for (const i of order.slice(0, missing)) whole[i]++;
  return whole;
}

/** Returns weights from 0.3 to 1 for two or three styles. */
function randomWeights() {
  const names = [...rows.keys()];
  const chosen = {};
  const number = Math.min(names.length, 2 + Math.floor(2 * Math.random()));
  for (let i = 0; i < number; i++) {
    const [name] = names.splice(Math.floor(names.length * Math.random()), 1);
    chosen[name] = (30 + Math.floor(71 * Math.random())) / 100;
  }
  return chosen;
}
