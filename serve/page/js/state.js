// What the page holds. main.js changes it; the other parts read it.

import * as controls from "./controls.js";
import { initial, photograph, toHash, total } from "./settings.js";

export const state = {
  info: null, // the answer of GET /api/styles
  backend: null,
  settings: null,
  rest: null, // the setting outside the mask; null is the photograph
  layer: "brushed", // the one that the controls edit, or "rest"
  picture: null,
};

/** Returns a layer's setting. */
export function settingOf(layer) {
  const { info, settings, rest } = state;
  return layer === "rest" ? (rest ?? photograph(info)) : settings;
}

/** Changes a part of the setting that the controls edit. */
export function edit(change) {
  const setting = { ...settingOf(state.layer), ...change };
  state[state.layer === "rest" ? "rest" : "settings"] = setting;
}

/** Returns the longer side of the whole result in px. */
export function wholeSize() {
  const { info, picture } = state;
  return Math.min(controls.getSize() ?? info.max_size, info.max_size, picture.longer);
}

/** Returns the settings as backends accept them: no style at all becomes strength 0. */
export function paintableSettings() {
  const { info, settings } = state;
  return total(settings.styles) ? settings : { ...initial(info), strength: 0, stroke: 1 };
}

/** Returns the hash of the address that holds the settings. */
export function hash() {
  return toHash(state.settings, { rest: state.rest, size: controls.getSize() });
}
