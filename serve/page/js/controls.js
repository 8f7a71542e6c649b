// The controls of how styles are applied: strength, fade, colours, strokes, size, format.

import { fill, find, make, offer } from "./dom.js";
import { AUTO } from "./settings.js";
import { say } from "./words.js";

const SIZES = [384, 512, 768, 1024, 1536, 2048, 3072, 4096];
const STROKES = [1, 1.5, 2, 3, 4]; // times the network's own length

const strength = find("#strength");
const fade = find("#fade");
const keepColor = find("#keep-color");
const stroke = find("#stroke");
const size = find("#size");
const format = find("#format");

let info; // the answer of GET /api/styles

/**
 * Offers the server's choices.
 *
 * @param {object} serverInfo the answer of GET /api/styles
 * @param {function(?string)} changed called whenever someone changes one; the moves of a
 *   slider come with one name
 */
export function start(serverInfo, changed) {
  info = serverInfo;
  offer(fade, info.fades);
  offer(keepColor, info.keep_color);
  offer(format, info.formats);
  fade.hidden = info.fades.length < 2;
  const update = (group) => {
    show();
    changed(group);
  };
  strength.addEventListener("input", () => update("strength"));
  for (const select of [fade, keepColor, stroke, size]) {
    select.addEventListener("change", () => update(null));
  }
}

/** Returns the settings of these controls. */
export function get() {
  return {
    strength: strength.value / 100,
    fade: fade.value === info.fade ? null : fade.value,
    keepColor: keepColor.value,
    stroke: stroke.value === AUTO ? AUTO : Number(stroke.value),
  };
}

/** Returns the longer side in px, or null for the picture's own. */
export function getSize() {
  return Number(size.value) || null;
}

export function set(settings) {
  strength.value = Math.round(100 * settings.strength);
  fade.value = settings.fade ?? info.fade;
  keepColor.value = settings.keepColor;
  offerStrokes(settings.stroke);
  show();
}

/** Offers the usual strokes, and the chosen one. */
function offerStrokes(chosen) {
  const times = new Set(STROKES.filter((number) => number <= info.stroke.longest));
  if (chosen !== AUTO) times.add(chosen);
  stroke.replaceChildren(
    make("option", { value: AUTO }, say("stroke.auto")),
    ...[...times]
      .sort((a, b) => a - b)
      .map((number) => make("option", { value: number }, `${number}×`)),
  );
  stroke.value = chosen;
}

/** Offers the sizes that suit a picture, and `chosen` px if that is not null. */
export function offerSizes(picture, chosen) {
  const largest = Math.min(picture.longer, info.max_size);
  const sizes = new Set(SIZES.filter((px) => px < largest));
  if (chosen) sizes.add(chosen);
  const fits = picture.longer <= info.max_size;
  const whole = say(fits ? "size.original" : "size.largest", { size: info.max_size });
  size.replaceChildren(
    make("option", { value: "" }, whole),
    ...[...sizes]
      .sort((a, b) => b - a)
      .map((px) => make("option", { value: px }, `${px} px`)),
  );
  size.value = chosen ?? "";
}

function show() {
  find("#strength-value").textContent = `${strength.value} %`;
  strength.setAttribute("aria-valuetext", `${strength.value} %`);
  fade.disabled = strength.value === strength.max;
  fill(strength);
}
