// Colours under what is transparent: what fast_style/decoding.py puts there.

import { drawn } from "./picture.js";

/**
 * Spreads the visible colours under the transparent parts.
 *
 * What a browser has there is black, and a network would let it bleed into the rest.
 *
 * @param {HTMLCanvasElement} made
 * @returns {ImageData} its alpha is that of `made`
 */
export function fillHidden(made) {
  const image = pixelsOf(made);
  const shown = new ImageData(image.data.slice(), image.width, image.height);
  for (let i = 3; i < shown.data.length; i += 4) shown.data[i] &&= 255;
  const first = drawn(made, [image.width, image.height]);
  first.getContext("2d").putImageData(shown, 0, 0);
  const levels = [first];
  for (let level = first; Math.max(level.width, level.height) > 1; ) {
    level = drawn(level, [Math.ceil(level.width / 2), Math.ceil(level.height / 2)]);
    // Over itself, until what shows a little shows in full.
    for (let i = 0; i < 10; i++) level.getContext("2d").drawImage(level, 0, 0);
    levels.push(level);
  }
  for (let i = levels.length - 1; i > 0; i--) {
    const { width, height } = levels[i - 1];
    const context = levels[i - 1].getContext("2d");
    context.globalCompositeOperation = "destination-over";
    context.drawImage(levels[i], 0, 0, width, height);
  }
  const filled = pixelsOf(first);
  for (let i = 3; i < filled.data.length; i += 4) filled.data[i] = image.data[i];
  return filled;
}

function pixelsOf(made) {
  return made.getContext("2d").getImageData(0, 0, made.width, made.height);
}
