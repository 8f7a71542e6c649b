// How a style is applied: strength, fade, colours, and the size of the result.

import { fill, find, make } from "./dom.js";

const SIZES = [384, 512, 768, 1024, 1536, 2048, 3072, 4096];

const strength = find("#strength");
const fade = find("#fade");
const colors = find("#keep-color");
const size = find("#size");

/** Calls `changed` whenever someone changes one. */
export function start(info, changed) {
  fade.hidden = info.fade !== "network";
  const told = () => {
    tell();
    changed();
  };
  strength.addEventListener("input", told);
  for (const select of [fade, colors, size]) select.addEventListener("change", told);
}

export function get() {
  return {
    strength: strength.value / 100,
    fade: fade.value || null,
    keepColor: colors.value,
  };
}

/** Gives the longer side in px, or null for the picture's own, as far as it goes. */
export function getSize() {
  return Number(size.value) || null;
}

export function set(settings) {
  strength.value = Math.round(100 * settings.strength);
  fade.value = settings.fade ?? "";
  colors.value = settings.keepColor;
  tell();
}

/** Offers the sizes that suit a picture, and a wished one. */
export function offerSizes(picture, limit, wished) {
  const most = Math.min(picture.longer, limit);
  const sizes = new Set(SIZES.filter((one) => one < most));
  if (wished) sizes.add(wished);
  const options = [...sizes].sort((a, b) => a - b).reverse();
  const name = picture.longer > limit ? `${limit} px, the most` : "As it is";
  size.replaceChildren(
    make("option", { value: "" }, name),
    ...options.map((one) => make("option", { value: one }, `${one} px`)),
  );
  size.value = wished ?? "";
}

function tell() {
  find("#strength-value").textContent = `${strength.value} %`;
  strength.setAttribute("aria-valuetext", `${strength.value} %`);
  fade.disabled = strength.value === strength.max;
  fill(strength);
}
