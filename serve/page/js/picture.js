// A picture to paint: decoded once, with a small file for its previews.

import { encode, pixelsOf, resize } from "./canvas.js";
import { fillHidden } from "./transparency.js";

export const PREVIEW = 384; // px, the longer side of a preview
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
  const picture = { file, name: file.name, minSize: info.min_size, notice: "" };
  picture.format = info.formats.find((name) => file.type === `image/${name}`) ?? "png";
  let bitmap = await read(file);
  if (!bitmap && decode) {
    bitmap = await read(await decode(file));
    picture.notice = "The server read this picture because the browser cannot.";
  }
  if (!bitmap) throw unreadable(file.name);
  const { width, height } = bitmap;
  if (Math.min(width, height) < info.min_size) {
    throw new Error(
      `'${file.name}' is ${width} × ${height} px. ` +
        `Give a picture of at least ${info.min_size} × ${info.min_size} px.`,
    );
  }
  Object.assign(picture, { width, height, longer: Math.max(width, height) });
  picture.bitmap = await shrink(bitmap, sides(picture, info.max_size));
  const preview = resize(picture.bitmap, sides(picture, PREVIEW));
  picture.opaque = picture.format === "jpeg" || isOpaque(preview);
  const format = picture.opaque ? "jpeg" : "png";
  picture.preview = await encode(preview, format);
  if (exceedsLimits(picture, info)) {
    const { width, height } = picture.bitmap;
    picture.file = await encode(resize(picture.bitmap, [width, height]), format);
    picture.notice =
      `'${file.name}' is larger than the server accepts, so a copy of ` +
      `${width} × ${height} px is painted.`;
  }
  return picture;
}

export function unreadable(name) {
  return new Error(`Cannot read '${name}' as an image. Give a JPEG, PNG or WebP file.`);
}

/** Returns what a backend paints from; `size` is the longer side in px. */
export function source(picture, size, preview) {
  return {
    file: preview ? picture.preview : picture.file,
    size,
    preview,
    opaque: picture.opaque,
    async pixels() {
      const canvas = resize(picture.bitmap, sides(picture, size));
      return picture.opaque ? pixelsOf(canvas) : fillHidden(canvas);
    },
  };
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

function exceedsLimits({ file, width, height }, info) {
  const bytes = info.max_upload * 1_000_000 - FORM_BYTES;
  return file.size > bytes || width * height > info.max_pixels * 1_000_000;
}
