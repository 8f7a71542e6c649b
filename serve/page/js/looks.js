// The looks: the picture painted small in every style, as the tiles show it.

import { source } from "./picture.js";
import { state } from "./state.js";
import * as tiles from "./tiles.js";

const SIZE = 160; // px, the longer side

let controller = new AbortController();

/** Paints the looks of the current picture anew, in place of those of another. */
export async function refresh() {
  controller.abort();
  controller = new AbortController();
  const { signal } = controller;
  const { picture, backend } = state;
  tiles.clearLooks();
  performance.mark("looks");
  try {
    const small = source(picture, SIZE, { preview: true });
    await backend.paintLooks(small, tiles.order(), show, signal);
    performance.measure("looks", "looks");
  } catch (error) {
    if (error.name !== "AbortError") tiles.showSamples();
  }

  function show(name, image) {
    if (!signal.aborted) tiles.showLook(name, image);
  }
}
