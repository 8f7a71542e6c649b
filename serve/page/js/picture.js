// A picture to paint: decoded once, with the small file that previews are made of.

import { canvas } from "./dom.js";
import { fillHidden } from "./hidden.js";

export const PREVIEW = 384; // px, the longer side
const LEAST = 16; // px, of either side
const KINDS = { "image/jpeg": "jpeg", "image/png": "png", "image/webp": "webp" };

/**
 * Opens a picture.
 *
 * @param {File} file
 * @param {object} info what GET /api/styles gives: its limits
 * @param {?function(Blob): Promise<Blob>} decode reads kinds that this browser cannot
 * @throws {Error} one sentence to show
 */
export async function open(file, info, decode) {
  const format = KINDS[file.type] ?? "png";
  const picture = { file, name: file.name, format, notice: "" };
  let bitmap = await read(file);
  if (!bitmap && decode) {
    bitmap = await read(await decode(file));
    picture.notice = "The server read this picture; the browser cannot.";
  }
  if (!bitmap) throw unreadable(file.name);
  picture.width = bitmap.width;
  picture.height = bitmap.height;
  const { width, height, name } = picture;
  if (Math.min(width, height) < LEAST) {
    throw new Error(
      `'${name}' is ${width} × ${height} px. ` +
        `Give a picture of at least ${LEAST} × ${LEAST} px.`,
    );
  }
  picture.longer = Math.max(width, height);
  picture.bitmap = await shrunk(bitmap, info.max_size);
  const preview = drawn(picture.bitmap, sides(picture, PREVIEW));
  picture.opaque = format === "jpeg" || isOpaque(preview);
  picture.preview = await encoded(preview, picture.opaque ? "jpeg" : "png");
  if (tooMuch(picture, info)) {
    const { width, height } = picture.bitmap;
    const small = drawn(picture.bitmap, [width, height]);
    picture.file = await encoded(small, picture.opaque ? "jpeg" : "png");
    picture.notice =
      `'${name}' is more than the server takes, so a copy of ` +
      `${width} × ${height} px is painted.`;
  }
  return picture;
}

export function unreadable(name) {
  return new Error(`Cannot read '${name}' as an image. Give a JPEG, PNG or WebP file.`);
}

/** Gives what a backend paints from; `size` is the longer side in px. */
export function source(picture, size, preview) {
  return {
    file: preview ? picture.preview : picture.file,
    size,
    preview,
    opaque: picture.opaque,
    async pixels() {
      const [width, height] = sides(picture, size);
      const made = drawn(picture.bitmap, [width, height]);
      if (!picture.opaque) return fillHidden(made);
      return made.getContext("2d").getImageData(0, 0, width, height);
    },
  };
}

/** Gives width and height for a longer side, neither enlarged nor too thin. */
export function sides({ width, height }, size) {
  const least = LEAST / Math.min(width, height);
  const scale = Math.min(1, Math.max(size / Math.max(width, height), least));
  return [Math.round(width * scale), Math.round(height * scale)];
}

/** Draws an image at a size; gives the canvas. */
export function drawn(image, [width, height]) {
  const made = canvas(width, height);
  const context = made.getContext("2d", { willReadFrequently: true });
  context.imageSmoothingQuality = "high";
  context.drawImage(image, 0, 0, width, height);
  return made;
}

/** Encodes a canvas as a file of a format: "jpeg", "png" or "webp". */
export function encoded(picture, format) {
  return new Promise((resolve, reject) => {
    const type = `image/${format}`;
    const done = (blob) => {
      if (!blob) reject(new Error("This browser cannot encode a picture of this size."));
      // By the standard it is a PNG where the browser has no other.
      else if (blob.type === type) resolve(blob);
      else reject(new Error(`This browser cannot write ${format}. Choose PNG.`));
    };
    picture.toBlob(done, type, 0.95);
  });
}

async function read(blob) {
  try {
    return await createImageBitmap(blob, { imageOrientation: "from-image" });
  } catch {
    return null;
  }
}

async function shrunk(bitmap, size) {
  const [width, height] = sides(bitmap, size);
  if (width === bitmap.width) return bitmap;
  const options = { resizeWidth: width, resizeHeight: height, resizeQuality: "high" };
  const small = await createImageBitmap(bitmap, options);
  bitmap.close();
  return small;
}

function isOpaque(made) {
  const { data } = made.getContext("2d").getImageData(0, 0, made.width, made.height);
  for (let i = 3; i < data.length; i += 4) if (data[i] < 255) return false;
  return true;
}

function tooMuch({ file, width, height }, info) {
  const form = 10_000; // bytes, of what is sent beside the picture
  const bytes = info.max_upload * 1_000_000 - form;
  return file.size > bytes || width * height > info.max_pixels * 1_000_000;
}
