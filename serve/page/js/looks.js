// The looks: the picture painted small in every style, as the tiles show it.

import { scheduler } from "./painting.js";
import { source } from "./picture.js";
import { state } from "./state.js";
import * as tiles from "./tiles.js";

const SIZE = 160; // px, the longer side

let controller = new AbortController();
let shown = null; // the picture of the looks

/** Takes the looks of another picture away. */
export function clear() {
  controller.abort();
  shown = null;
  tiles.clearLooks();
}

/** Paints the looks anew, for there is another style. */
export function refresh() {
  clear();
  follow();
}

/** Paints the looks of the current picture, once its own result is seen. */
export async function follow() {
  const { picture, backend } = state;
  if (picture === shown) return;
  clear();
  shown = picture;
  controller = new AbortController();
  const { signal } = controller;
  performance.mark("looks");
  try {
    const small = source(picture, SIZE, { preview: true });
    const rested = () => scheduler.rested(); // previews come first
    await backend.paintLooks(small, tiles.order(), show, rested, signal);
    performance.measure("looks", "looks");
  } catch (error) {
    if (error.name !== "AbortError") tiles.showSamples();
  }

  function show(name, image) {
    if (!signal.aborted) tiles.showLook(name, image);
  }
}
