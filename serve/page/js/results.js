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
  const kept = find(kind, { picture, settings, size, preview, backend });
  if (kept) return kept;
  const result = { key: keyOf({ settings, size, backend }), picture, ms: 0 };
  if (isPhotograph(settings)) {
    result.image = resize(picture.bitmap, sides(picture, size));
  } else {
    const { image, ms } = await backend.paint(
      source(picture, size, { preview }),
      settings,
      signal,
    );
    result.ms = ms;
    result.image = image instanceof ImageData ? await createImageBitmap(image) : image;
  }
  return (latest[slotOf(kind, preview)] = result);
}

/** Returns the latest result of its kind if it is the job's, or null. */
export function find(kind, job) {
  const result = latest[slotOf(kind, job.preview)];
  const isRight = result?.key === keyOf(job) && result.picture === job.picture;
  return isRight ? result : null;
}

function slotOf(kind, preview) {
  return `${kind} ${preview}`;
}

function keyOf({ settings, size, backend }) {
  // The server rounds a little differently.
  return JSON.stringify([settings, size, Boolean(backend.encode)]);
}

/** Returns the images that are kept. */
export function images() {
  return Object.values(latest).map(({ image }) => image);
}
