// Two pictures in one, by a mask.

import { makeCanvas } from "./canvas.js";

const scaled = new Map(); // the latest images at the latest size, which are drawn again

/**
 * Lays a result over a base where a mask is painted.
 *
 * @param {HTMLCanvasElement} mask
 * @param {number[]} sides width and height of the canvas that is returned
 */
export function compose(mask, result, base, sides) {
  const over = fit(mask, sides);
  draw(over, result, "source-in");
  const whole = fit(base, sides);
  // The parts are added. Drawn over each other, transparent ones would become opaque.
  draw(whole, mask, "destination-out");
  draw(whole, over, "lighter");
  return whole;
}

/** As `compose`, and keeps both images at this size for the next mask. */
export function composeAgain(mask, result, base, sides) {
  for (const [image, copy] of scaled) {
    const right = copy.width === sides[0] && copy.height === sides[1];
    if (!right || (image !== result && image !== base)) scaled.delete(image);
  }
  const [top, bottom] = [result, base].map((image) => {
    if (!scaled.has(image)) scaled.set(image, fit(image, sides));
    return scaled.get(image);
  });
  return compose(mask, top, bottom, sides);
}

function fit(image, [width, height]) {
  const canvas = makeCanvas(width, height);
  draw(canvas, image, "source-over");
  return canvas;
}

function draw(canvas, image, operation) {
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.globalCompositeOperation = operation;
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
}
