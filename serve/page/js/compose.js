// Two pictures in one, by a mask.

import { makeCanvas, resize } from "./canvas.js";

const STRIP = 256; // rows that are composed at once, so that no copy is as large as all

const over = makeCanvas(1, 1); // the result where the mask is painted, in a strip
const scaled = new Map(); // the latest images at the latest size, which are drawn again

/**
 * Lays a result over a base where a mask is painted.
 *
 * @param {HTMLCanvasElement} canvas gets them, at its own size
 * @param {object} images `mask`, a canvas, `result` and `base`
 * @param {number[]} [rectangle] of the canvas in px: left, top, right, bottom
 */
export function compose(canvas, images, rectangle = [0, 0, canvas.width, canvas.height]) {
  const [left, top, right, bottom] = rectangle;
  if (left >= right) return;
  over.width = right - left;
  over.height = Math.min(STRIP, bottom - top);
  for (let y = top; y < bottom; y += STRIP) {
    composeStrip(canvas, images, [left, y, right - left, Math.min(STRIP, bottom - y)]);
  }
}

/** As `compose`, and keeps both images at the canvas's size for the next mask. */
export function composeAgain(canvas, { mask, result, base }, rectangle) {
  const fits = (image) => image.width === canvas.width && image.height === canvas.height;
  for (const [image, copy] of scaled) {
    if (!fits(copy) || (image !== result && image !== base)) scaled.delete(image);
  }
  const fit = (image) => {
    if (fits(image)) return image;
    if (!scaled.has(image)) scaled.set(image, resize(image, [canvas.width, canvas.height]));
    return scaled.get(image);
  };
  compose(canvas, { mask, result: fit(result), base: fit(base) }, rectangle);
}

function composeStrip(canvas, { mask, result, base }, [x, y, width, height]) {
  const sides = [canvas.width, canvas.height];
  const upper = over.getContext("2d");
  upper.setTransform(1, 0, 0, 1, -x, -y);
  upper.clearRect(x, y, width, height);
  draw(upper, mask, "source-over", sides);
  draw(upper, result, "source-in", sides);
  const context = canvas.getContext("2d");
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  context.clearRect(x, y, width, height);
  draw(context, base, "source-over", sides);
  // The parts are added. Drawn over each other, transparent ones would become opaque.
  draw(context, mask, "destination-out", sides);
  context.globalCompositeOperation = "lighter";
  context.drawImage(over, 0, 0, width, height, x, y, width, height);
  context.restore();
}

function draw(context, image, operation, sides) {
  context.imageSmoothingQuality = "high";
  context.globalCompositeOperation = operation;
  context.drawImage(image, 0, 0, ...sides);
}
