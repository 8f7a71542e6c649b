// The results of painting: each is kept while it is the latest of its kind.

import { resize } from "./canvas.js";
import { sides, source } from "./picture.js";
import { isPhotograph } from "./settings.js";

let latest = {}; // by kind: {key, picture, image, ms}

/** Forgets all results, for a new picture. */
export function reset() {
  latest = {};
}

/**
 * Returns a result: the latest of its kind if it is still right, or a new one.
 *
 * @param {string} kind results of different kinds do not replace each other
 * @param {object} job `picture`, `settings`, `size` in px, `preview`, `backend`
 * @param {AbortSignal} signal
 * @returns {Promise<{image, ms: number}>} `ms` is 0 where nothing was painted
 */
export async function get(kind, { picture, settings, size, preview, backend }, signal) {
  const atServer = Boolean(backend.encode); // which rounds a little differently
  const key = JSON.stringify([settings, size, atServer]);
  const slot = `${kind} ${preview}`;
  if (latest[slot]?.key === key && latest[slot].picture === picture) return latest[slot];
  const result = { key, picture, ms: 0 };
  if (isPhotograph(settings)) {
    result.image = resize(picture.bitmap, sides(picture, size));
  } else {
    const { image, ms } = await backend.paint(
      source(picture, size, preview),
      settings,
      signal,
    );
    result.ms = ms;
    result.image = image instanceof ImageData ? await createImageBitmap(image) : image;
  }
  return (latest[slot] = result);
}

/** Returns the images that are kept. */
export function images() {
  return Object.values(latest).map(({ image }) => image);
}
