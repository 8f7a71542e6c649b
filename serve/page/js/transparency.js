// Colours under the transparent parts, as fast_style/decoding.py puts them there.

import { pixelsOf, resize } from "./canvas.js";

const DRAWINGS = 10; // of a canvas over itself, which makes faint pixels opaque

/**
 * Spreads the visible colours under the transparent parts.
 *
 * Browsers keep black there, which the network would let bleed into the visible parts.
 *
 * @param {HTMLCanvasElement} canvas
 * @returns {ImageData} with the alpha of the canvas
 */
export function fillHidden(canvas) {
  const image = pixelsOf(canvas);
  const pyramid = shrinkVisible(canvas, image);
  for (let i = pyramid.length - 1; i > 0; i--) {
    const { width, height } = pyramid[i - 1];
    const context = pyramid[i - 1].getContext("2d");
    context.globalCompositeOperation = "destination-over";
    context.drawImage(pyramid[i], 0, 0, width, height);
  }
  const filled = pixelsOf(pyramid[0]);
  for (let i = 3; i < filled.data.length; i += 4) filled.data[i] = image.data[i];
  return filled;
}

/** Returns canvases of the visible colours, each half as large as the one before. */
function shrinkVisible(canvas, image) {
  const visible = new ImageData(image.data.slice(), image.width, image.height);
  for (let i = 3; i < visible.data.length; i += 4) visible.data[i] &&= 255;
  let level = resize(canvas, [image.width, image.height]);
  level.getContext("2d").putImageData(visible, 0, 0);
  const pyramid = [level];
  while (Math.max(level.width, level.height) > 1) {
    level = resize(level, [Math.ceil(level.width / 2), Math.ceil(level.height / 2)]);
    for (let i = 0; i < DRAWINGS; i++) level.getContext("2d").drawImage(level, 0, 0);
    pyramid.push(level);
  }
  return pyramid;
}
