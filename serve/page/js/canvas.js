// Canvases: made, drawn on, and encoded as files.

import { say } from "./words.js";

const QUALITY = 0.95; // of JPEG and WebP files

export function makeCanvas(width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  return canvas;
}

/** Draws an image on a new canvas of the given width and height. */
export function resize(image, [width, height]) {
  const canvas = makeCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.imageSmoothingQuality = "high";
  context.drawImage(image, 0, 0, width, height);
  return canvas;
}

/** Returns the ImageData of a whole canvas. */
export function pixelsOf(canvas) {
  return canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
}

/** Encodes a canvas as a Blob in a format: "jpeg", "png" or "webp". */
export function encode(canvas, format) {
  return new Promise((resolve, reject) => {
    const type = `image/${format}`;
    const finish = (blob) => {
      if (!blob) reject(new Error(say("browser.unencoded")));
      // Browsers fall back to PNG for a format that they cannot write.
      else if (blob.type === type) resolve(blob);
      else reject(new Error(say("browser.unwritten", { format })));
    };
    canvas.toBlob(finish, type, QUALITY);
  });
}
