// One picture, painted: what fast_style/stylizer.py does, with its names.

import { fade, keepHistogram, keepLuminance } from "./color.js";

const PHOTO = "photo";
const KEEP_COLOR = {
  none: (_photo, stylized) => stylized,
  luminance: keepLuminance,
  histogram: keepHistogram,
};

/**
 * Paints a picture.
 *
 * @param network gives (pixels, height, width, row) => RGB pixels
 * @param {string[]} rows what the network weighs, in its own order
 * @param {ImageData} image its alpha is kept
 * @param settings see browser.js
 * @returns {Promise<ImageData>}
 */
export async function stylize(network, rows, image, settings) {
  const { strength, keepColor } = settings;
  const weights = weigh(settings.styles, rows);
  const mode = settings.fade ?? (rows.includes(PHOTO) ? "network" : "pixels");
  if (strength === 0) return image;
  if (mode === "network") {
    for (const name of rows) weights[name] = strength * (weights[name] ?? 0);
    weights[PHOTO] += 1 - strength;
  }
  const row = Float32Array.from(rows, (name) => weights[name] ?? 0);
  const photo = toRGB(image.data);
  let stylized = await network(photo, image.height, image.width, row);
  stylized = KEEP_COLOR[keepColor](photo, stylized);
  if (mode === "pixels") stylized = fade(photo, stylized, strength);
  return toImage(stylized, image);
}

function weigh(styles, rows) {
  const stranger = Object.keys(styles).find((name) => !rows.includes(name));
  if (stranger) throw new Error(`No style '${stranger}' in this model.`);
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

function toImage(rgb, { data: alpha, width, height }) {
  const rgba = new Uint8ClampedArray(alpha.length);
  for (let i = 0, j = 0; i < rgba.length; i += 4) {
    for (let c = 0; c < 3; c++) rgba[i + c] = rgb[j++];
    rgba[i + 3] = alpha[i + 3];
  }
  return new ImageData(rgba, width, height);
}
