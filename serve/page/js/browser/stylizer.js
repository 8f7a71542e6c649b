// Stylizing one picture, as fast_style/stylizer.py does and with its names.

import { fade, keepHistogram, keepLuminance } from "./color.js";

const KEEP_COLOR = {
  none: (_photo, stylized) => stylized,
  luminance: keepLuminance,
  histogram: keepHistogram,
};

/**
 * Stylizes a picture.
 *
 * @param network `run`: (pixels, height, width, weights) => RGB pixels; `rows`: names of
 *   the weights, in the network's order; `photoRow`: the row that is the photograph, or
 *   null
 * @param {ImageData} image its alpha is kept
 * @param settings see settings.js
 * @returns {Promise<ImageData>}
 */
export async function stylize({ run, rows, photoRow }, image, settings) {
  const { strength, keepColor } = settings;
  const weights = normalize(settings.styles, rows);
  const mode = settings.fade ?? (photoRow ? "network" : "pixels");
  if (strength === 0) return image;
  if (mode === "network") {
    for (const name of rows) weights[name] = strength * (weights[name] ?? 0);
    weights[photoRow] += 1 - strength;
  }
  const rowWeights = Float32Array.from(rows, (name) => weights[name] ?? 0);
  const photo = toRGB(image.data);
  let stylized = await run(photo, image.height, image.width, rowWeights);
  stylized = KEEP_COLOR[keepColor](photo, stylized);
  if (mode === "pixels") stylized = fade(photo, stylized, strength);
  return toImage(stylized, image);
}

/** Returns the weights with sum one. */
function normalize(styles, rows) {
  const unknown = Object.keys(styles).find((name) => !rows.includes(name));
  if (unknown) throw new Error(`No style '${unknown}' in this model.`);
  const total = Object.values(styles).reduce((sum, weight) => sum + weight, 0);
  if (!(total > 0)) throw new Error("No style has a weight above 0. Give one.");
  const shares = Object.entries(styles).map(([name, weight]) => [name, weight / total]);
  return Object.fromEntries(shares);
}

function toRGB(rgba) {
  const rgb = new Uint8ClampedArray((rgba.length / 4) * 3);
  for (let i = 0, j = 0; i < rgba.length; i += 4) {
    for (let c = 0; c < 3; c++) rgb[j++] = rgba[i + c];
  }
  return rgb;
}

function toImage(rgb, { data: original, width, height }) {
  const rgba = new Uint8ClampedArray(original.length);
  for (let i = 0, j = 0; i < rgba.length; i += 4) {
    for (let c = 0; c < 3; c++) rgba[i + c] = rgb[j++];
    rgba[i + 3] = original[i + 3];
  }
  return new ImageData(rgba, width, height);
}
