// What paints: the server, or the network in this browser.

import * as server from "./server.js";

let loading = null; // the promise of the backend in this browser

export const atServer = server.create;

/** Returns the promise of the backend in this browser; after a failure it loads anew. */
export function inBrowser(info) {
  loading ??= import(info.browser.module).then((module) => module.create(info));
  loading.catch(() => (loading = null));
  return loading;
}
