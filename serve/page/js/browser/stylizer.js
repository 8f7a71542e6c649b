// Stylizing one picture, as fast_style/stylizer.py does and with its names.

import { fade, keepHistogram, keepLuminance } from "./color.js";
import * as painting from "./painting.js";
import * as strokes from "./strokes.js";
import { say } from "../words.js";

const KEEP_COLOR = {
  none: () => {},
  luminance: keepLuminance,
  histogram: keepHistogram,
};

/**
 * Stylizes a picture.
 *
 * @param network see network.js
 * @param model `rows`: names of the weights, in the network's order; `photoRow`: the row
 *   that is the photograph, or null; `tiling`, `strokes` and `minSize` as the server tells
 *   them
 * @param {ImageData} image its alpha is kept
 * @param settings see settings.js
 * @param {function(number)} onProgress called with the share that is done
 * @returns {Promise<ImageData>}
 */
export async function stylize(network, model, image, settings, onProgress) {
  const { strength, keepColor, stroke } = settings;
  const mode = settings.fade ?? (model.photoRow ? "network" : "pixels");
  const weights = rowWeights(settings, model, mode);
  if (strength === 0) return image;
  const times = strokes.choose(stroke, image, model.strokes, model.minSize);
  const work = strokes.shares(times, image, model.strokes);
  let done = 0;
  const paint = async (picture) => {
    const share = work.shift();
    const onShare = (part) => onProgress(done + share * part);
    const painted = await painting.paint(network, model.tiling, picture, weights, onShare);
    done += share;
    return painted;
  };
  const stylized = await strokes.paint(image, times, model.strokes, paint);
  KEEP_COLOR[keepColor](image.data, stylized.data);
  if (mode === "pixels") fade(image.data, stylized.data, strength);
  return stylized;
}

/** Returns the weight of each row; all together are one. */
function rowWeights({ styles, strength }, { rows, photoRow }, mode) {
  const weights = normalize(styles, rows);
  if (mode === "network") {
    for (const name of rows) weights[name] = strength * (weights[name] ?? 0);
    weights[photoRow] += 1 - strength;
  }
  return Float32Array.from(rows, (name) => weights[name] ?? 0);
}

/** Returns the weights with sum one. */
function normalize(styles, rows) {
  const unknown = Object.keys(styles).find((name) => !rows.includes(name));
  if (unknown) throw new Error(say("browser.unknown", { name: unknown }));
  const total = Object.values(styles).reduce((sum, weight) => sum + weight, 0);
  if (!(total > 0)) throw new Error(say("browser.weightless"));
  const shares = Object.entries(styles).map(([name, weight]) => [name, weight / total]);
  return Object.fromEntries(shares);
}
