// The first guess at a painting: the photograph in what the gallery has nearest to it.

import { atServer } from "../backends.js";
import { source } from "../picture.js";
import { initial } from "../settings.js";
import { state } from "../state.js";
import { nameOf } from "../upload.js";

const SIZE = 384; // px, longer side
const REFUSED = 400; // status where the model knows nothing of the gallery's paintings

/**
 * Returns the photograph painted like a painting, or null where the server cannot guess.
 *
 * @param {File} file the painting
 * @returns {Promise<?Blob>}
 */
export async function guess(file) {
  const painting = await nameOf(file, () => {});
  const settings = { ...initial(state.info), styles: {} };
  const small = source(state.picture, SIZE, { preview: true });
  try {
    const server = await atServer();
    return await server.encode(small, settings, "jpeg", { fields: { painting } });
  } catch (error) {
    if (error.status === REFUSED && !error.text.includes("'painting'")) return null;
    throw error;
  }
}
