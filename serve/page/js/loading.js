// The page's start: what it asks the server for, until the server answers.

import { atServer } from "./backends.js";
import { get } from "./http.js";
import * as messages from "./messages.js";
import * as samples from "./samples.js";

const RETRY = 5000; // ms, before a failed start is tried again

/**
 * Loads what the page needs, again and again while the server is away.
 *
 * @param {function()} failed called after each failure
 * @returns {Promise<{info, sample: File, backend}>} `info` is the answer of GET
 *   /api/styles
 */
export async function load(failed) {
  for (;;) {
    try {
      const info = await get("api/styles", "json");
      return { info, sample: await samples.load(), backend: await atServer() };
    } catch (error) {
      failed();
      await new Promise((resolve) => {
        messages.warn(error, "start", resolve);
        setTimeout(resolve, RETRY);
      });
    }
  }
}
