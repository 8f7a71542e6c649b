// Elements, found and made.

export const find = (selector) => document.querySelector(selector);

/** Makes an element; of the attributes, those that are null or false are left out. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== null && value !== false) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

export function canvas(width, height) {
  const made = document.createElement("canvas");
  made.width = width;
  made.height = height;
  return made;
}

/** Makes a slider's filled part as long as its value says. */
export function fill(slider) {
  const { value, min, max } = slider;
  slider.style.setProperty("--fill", `${(100 * (value - min)) / (max - min)}%`);
}
