// Helpers for the page's elements.

export const find = (selector) => document.querySelector(selector);

/** Makes an element. An attribute that is null or false is left out. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== null && value !== false) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** Gives a select element one option for each value, with the label it has in HTML. */
export function offer(select, values) {
  const labels = new Map([...select.options].map(({ value, text }) => [value, text]));
  const option = (value) => make("option", { value }, labels.get(value) ?? value);
  select.replaceChildren(...values.map(option));
}

/** Draws the filled part of a slider up to its value. */
export function fill(slider) {
  const { value, min, max } = slider;
  slider.style.setProperty("--fill", `${(100 * (value - min)) / (max - min)}%`);
}
