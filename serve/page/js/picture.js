// A picture to paint: decoded once, with a small file for its previews.

import { encode, pixelsOf, resize } from "./canvas.js";
import { LARGEST } from "./pace.js";
import { fillHidden } from "./transparency.js";
import { say } from "./words.js";

const THIN = 100; // px, a shorter side in which little is seen
const FORM_BYTES = 10_000; // more than the upload has beside the picture

/**
 * Opens a picture.
 *
 * @param {File} file
 * @param {object} info the answer of GET /api/styles
 * @param {?function(Blob): Promise<Blob>} decode converts a file that this browser
 *   cannot read
 * @throws {Error} with one sentence to show
 */
export async function open(file, info, decode) {
  checkSize(file);
  const picture = { file, name: file.name, minSize: info.min_size, notices: [] };
  picture.format = info.formats.find((name) => file.type === `image/${name}`) ?? "png";
  let bitmap = await read(file);
  if (!bitmap && decode) {
    bitmap = await read(await decode(file));
    picture.notices.push(say("open.decoded"));
  }
  if (!bitmap) throw unreadable(file.name);
  const { width, height } = bitmap;
  if (Math.min(width, height) < info.min_size) {
    const values = { name: file.name, width, height, least: info.min_size };
    throw new Error(say("open.small", values));
  }
  Object.assign(picture, { width, height, longer: Math.max(width, height) });
  picture.bitmap = await shrink(bitmap, sides(picture, info.max_size));
  const preview = resize(picture.bitmap, sides(picture, LARGEST));
  picture.opaque = picture.format === "jpeg" || isOpaque(preview);
  picture.preview = await encode(preview, picture.opaque ? "jpeg" : "png");
  picture.large = picture.longer > info.max_size;
  noteThin(picture, info.max_size);
  if (exceedsLimits(picture, info)) useCopy(picture, "open.larger");
  return picture;
}

/** Notes that little is left of a panorama that the server paints smaller. */
function noteThin(picture, size) {
  const [width, height] = sides(picture, size);
  if (!picture.large || Math.min(width, height) >= THIN) return;
  picture.notices.push(say("open.thin", { name: picture.name, width, height, size }));
}

/** Throws an error for an empty file. */
export function checkSize({ name, size }) {
  if (!size) throw new Error(say("open.empty", { name }));
}

function unreadable(name) {
  return new Error(say("open.unreadable", { name }));
}

/**
 * Returns what a backend paints from.
 *
 * @param {object} picture
 * @param {number} size the longer side in px
 * @param {object} options `preview`: to paint the preview; `original`: from the file as
 *   it was given, with all that it holds, instead of a copy that is sent sooner
 */
export function source(picture, size, { preview = false, original = false } = {}) {
  const small = () => picture.isCopied || (picture.large && !original);
  const { name, opaque } = picture;
  return {
    ...{ name, opaque, size, preview },
    async file() {
      if (preview) return picture.preview;
      return small() ? copyOf(picture) : picture.file;
    },
    /** Gives a copy from now on; returns whether that is another file. */
    useCopy: () => !preview && !small() && useCopy(picture, "open.unread"),
    async pixels() {
      const canvas = resize(picture.bitmap, sides(picture, size));
      const pixels = opaque ? pixelsOf(canvas) : fillHidden(canvas);
      canvas.width = 0; // frees its memory before the painting needs some
      return pixels;
    },
  };
}

function useCopy(picture, reason) {
  const { name, bitmap } = picture;
  const { width, height } = bitmap;
  picture.isCopied = true;
  picture.notices.push(say(reason, { name, width, height }));
  return true;
}

/** Returns the promise of a file of the picture at the largest size that is painted. */
function copyOf(picture) {
  const { bitmap, opaque } = picture;
  picture.copy ??= encode(
    resize(bitmap, [bitmap.width, bitmap.height]),
    opaque ? "jpeg" : "png",
  );
  return picture.copy;
}

/**
 * Returns width and height for a longer side of `size` px.
 *
 * They are never enlarged, and the shorter side stays at least `minSize`.
 */
export function sides({ width, height, minSize }, size) {
  const least = minSize / Math.min(width, height);
  const scale = Math.min(1, Math.max(size / Math.max(width, height), least));
  return [Math.round(width * scale), Math.round(height * scale)];
}

async function read(blob) {
  try {
    return await createImageBitmap(blob, { imageOrientation: "from-image" });
  } catch {
    return null;
  }
}

async function shrink(bitmap, [width, height]) {
  if (width === bitmap.width) return bitmap;
  const options = { resizeWidth: width, resizeHeight: height, resizeQuality: "high" };
  const small = await createImageBitmap(bitmap, options);
  bitmap.close();
  return small;
}

function isOpaque(canvas) {
  const { data } = pixelsOf(canvas);
  for (let i = 3; i < data.length; i += 4) if (data[i] < 255) return false;
  return true;
}

/** Returns whether the server takes no such file, an image of width and height in px. */
export function exceedsLimits({ file, width, height }, info) {
  const bytes = info.max_upload * 1_000_000 - FORM_BYTES;
  return file.size > bytes || width * height > info.max_pixels * 1_000_000;
}
