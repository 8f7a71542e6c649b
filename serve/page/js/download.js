// The whole picture as a file.

import { canvas } from "./dom.js";
import { encoded, source } from "./picture.js";
import { targetName } from "./lines.js";

/**
 * Paints a file and has the browser save it.
 *
 * Without a mask it is the server's own file, which is fast-style's.
 *
 * @param {object} job `picture`, `settings`, `size`, `format`, `backend`; and with a
 *   mask `composed`: its `compose`, and the second setting as `base`, null for the
 *   photograph
 * @returns {Promise<string>} the file's name
 */
export async function download(job) {
  const { picture, settings, format, backend, composed } = job;
  const blob =
    backend.encode && !composed
      ? await backend.encode(wholeSource(job), settings, format)
      : await encoded(onPaper(await drawn(job), format), format);
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = targetName(picture.name, settings, format);
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  return link.download;
}

async function drawn(job) {
  const painted = await lossless(job, job.settings);
  if (!job.composed) return painted;
  const { base, compose } = job.composed;
  return compose(painted, base ? await lossless(job, base) : job.picture.bitmap);
}

async function lossless(job, settings) {
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

/** Gives a canvas of it; in a JPEG, what is transparent gets a white background. */
function onPaper(image, format) {
  const made = canvas(image.width, image.height);
  const context = made.getContext("2d");
  if (format === "jpeg") {
    context.fillStyle = "#fff";
    context.fillRect(0, 0, made.width, made.height);
  }
  context.drawImage(image, 0, 0);
  return made;
}
