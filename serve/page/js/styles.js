// The list of styles: a click paints in one alone, the sliders say each one's share.

import { fill, find, make } from "./dom.js";

const rows = new Map(); // by the style's name

/** Fills the list; `changed` is called with the shares whenever someone moves them. */
export function start(styles, changed) {
  const told = () => {
    tell();
    changed(shares());
  };
  const replace = (weights) => {
    set(weights);
    changed(shares());
  };
  for (const style of styles) {
    const row = makeRow(style);
    rows.set(style.name, row);
    row.slider.addEventListener("input", told);
    row.button.addEventListener("click", () => replace({ [style.name]: 1 }));
  }
  find("#styles").replaceChildren(...[...rows.values()].map((row) => row.element));
  find("#surprise").addEventListener("click", () => replace(surprise()));
  find("#surprise").hidden = styles.length < 2;
}

/** Moves the sliders to these weights, without telling of it. */
export function set(weights) {
  for (const [name, { slider }] of rows) {
    slider.value = Math.round(100 * (weights[name] ?? 0));
  }
  tell();
}

/** Gives the weights, without the styles that have none. */
function shares() {
  const all = [...rows].map(([name, { slider }]) => [name, slider.value / 100]);
  return Object.fromEntries(all.filter(([, weight]) => weight));
}

function makeRow({ name, title, artist, year, credit, thumbnail }) {
  title ??= name.replaceAll("_", " ");
  // Names that differ in a blank or a dash differ here, too.
  const id = `style-${name.replace(/\W/gu, (sign) => `-${sign.codePointAt(0)}-`)}`;
  const picture = thumbnail
    ? make("img", { src: thumbnail, alt: "", width: 52, height: 52, loading: "lazy" })
    : make("span", { class: "initial", "aria-hidden": "true" }, title[0]);
  const by = [artist, year].filter(Boolean).join(", ");
  const button = make(
    "button",
    { type: "button", class: "solo", title: credit ? `${title}: ${credit}` : title },
    picture,
    make("span", { class: "title" }, title),
    make("span", { class: "by" }, by),
    make("span", { class: "hidden" }, "alone"),
  );
  const slider = make("input", {
    ...{ type: "range", id, min: 0, max: 100, value: 0 },
    "aria-label": `Share of ${title}`,
  });
  const output = make("output", { for: id });
  const element = make("li", { class: "style" }, button, slider, output);
  return { element, button, slider, output };
}

/** Says on every row what it has of the whole. */
function tell() {
  const values = [...rows.values()].map(({ slider }) => Number(slider.value));
  const sum = values.reduce((sum, value) => sum + value, 0);
  const parts = percentages(values, sum);
  for (const { element, button, slider, output } of rows.values()) {
    const share = parts.shift();
    output.textContent = share ? `${share} %` : "";
    slider.setAttribute("aria-valuetext", `${slider.value}, ${share} % of the blend`);
    element.classList.toggle("active", Number(slider.value) > 0);
    button.setAttribute("aria-pressed", sum > 0 && slider.value === String(sum));
    fill(slider);
  }
}

/** Gives whole per cents that make a hundred together. */
function percentages(values, sum) {
  const exact = values.map((value) => (sum ? (100 * value) / sum : 0));
  const parts = exact.map(Math.floor);
  const left = Math.round(exact.reduce((a, b) => a + b, 0)) - parts.reduce((a, b) => a + b, 0);
  const order = [...exact.keys()].sort((i, j) => exact[j] - parts[j] - exact[i] + parts[i]);
  for (const i of order.slice(0, left)) parts[i]++;
  return parts;
}

function surprise() {
  const names = [...rows.keys()];
  const weights = {};
  const number = Math.min(names.length, 2 + Math.floor(2 * Math.random()));
  for (let i = 0; i < number; i++) {
    const [name] = names.splice(Math.floor(names.length * Math.random()), 1);
    weights[name] = (30 + Math.floor(71 * Math.random())) / 100;
  }
  return weights;
}
