// The whole result as a file.

import { encode, makeCanvas } from "./canvas.js";
import { source } from "./picture.js";
import { suffixOf, targetName } from "./snippets.js";

/**
 * Paints a file and has the browser save it.
 *
 * Only the backend at the server encodes; without a mask its file is fast-style's own.
 *
 * @param {object} job `picture`, `settings`, `size`, `format`, `backend`; with a mask
 *   also `mask`: its `compose`, and `rest`, the setting outside it, null for the
 *   photograph
 * @returns {Promise<string>} the file's name
 */
export async function download(job) {
  const { picture, settings, format, backend, mask } = job;
  const blob =
    backend.encode && !mask
      ? await backend.encode(wholeSource(job), settings, format)
      : await encode(withBackground(await stylizeWhole(job), format), format);
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = targetName(picture.name, settings, suffixOf(format));
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  return link.download;
}

async function stylizeWhole(job) {
  const result = await paintLossless(job, job.settings);
  if (!job.mask) return result;
  const { rest, compose } = job.mask;
  return compose(result, rest ? await paintLossless(job, rest) : job.picture.bitmap);
}

async function paintLossless(job, settings) {
  const { backend } = job;
  if (backend.encode) {
    const file = await backend.encode(wholeSource(job), settings, "png");
    return createImageBitmap(file);
  }
  const { image } = await backend.paint(wholeSource(job), settings);
  return image instanceof ImageData ? createImageBitmap(image) : image;
}

function wholeSource({ picture, size }) {
  return source(picture, size, false);
}

/** Draws an image on a canvas; for JPEG on white, because it has no transparency. */
function withBackground(image, format) {
  const canvas = makeCanvas(image.width, image.height);
  const context = canvas.getContext("2d");
  if (format === "jpeg") {
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
  }
  context.drawImage(image, 0, 0);
  return canvas;
}
