// The whole result as a file.

import { encode, makeCanvas } from "./canvas.js";
import { source } from "./picture.js";
import { suffixOf, targetName } from "./snippets.js";

/** Paints a file and has the browser save it; see `makeFile`. */
export async function download(job) {
  const { file, fromScreen } = await makeFile(job);
  save(file, file.name);
  return { name: file.name, fromScreen };
}

/**
 * Paints a file.
 *
 * Only the backend at the server encodes; without a mask its file is fast-style's own. One
 * that writes has what this page has composed encoded, too.
 *
 * @param {object} job `picture`, `settings`, `size`, `format`, `backend`; with a mask
 *   also `mask`: its `apply`, and `rest`, the setting outside it, null for the
 *   photograph; `shown`, the whole results on the stage, {image, rest}, or null: they
 *   are saved where the server is away
 * @returns {Promise<{file: File, fromScreen: boolean}>}
 */
export async function makeFile(job) {
  const { picture, settings, format, backend, mask } = job;
  let fromScreen = false;
  let blob;
  try {
    blob =
      backend.encode && !mask
        ? await backend.encode(wholeSource(job), settings, format)
        : await (backend.write ?? encodeImage)(await stylizeWhole(job), format, picture);
  } catch (error) {
    if (!error.away || !job.shown) throw error;
    fromScreen = true;
    blob = await encodeImage(composed(job, job.shown), format, picture);
  }
  const name = targetName(picture.name, settings, suffixOf(format));
  return { file: new File([blob], name, { type: blob.type }), fromScreen };
}

/** Has the browser save a file. */
export function save(blob, name) {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

async function stylizeWhole(job) {
  const image = await paintLossless(job, job.settings);
  const { mask } = job;
  return composed(job, {
    image,
    rest: mask && mask.rest && (await paintLossless(job, mask.rest)),
  });
}

/** Returns one image of the results inside and outside the mask. */
function composed({ mask, picture }, { image, rest }) {
  return mask ? mask.apply(image, rest || picture.bitmap) : image;
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
  return source(picture, size, { original: true });
}

/** Encodes an image; as JPEG on white, because that has no transparency. */
export function encodeImage(image, format, { opaque }) {
  const canvas = makeCanvas(image.width, image.height);
  const context = canvas.getContext("2d", { alpha: !opaque });
  if (format === "jpeg") {
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
  }
  context.drawImage(image, 0, 0);
  return encode(canvas, format);
}
