// What paints: the server, or the network in this browser.

import { showProgress } from "./messages.js";
import * as server from "./server.js";
import { say } from "./words.js";

let loading = null; // the promise of the backend in this browser

/** Returns the promise of the backend at the server. */
export function atServer() {
  return server.create((share) => showProgress(say("server.sending"), share));
}

/** Returns the promise of the backend in this browser; after a failure it loads anew. */
export function inBrowser(info) {
  loading ??= import(info.browser.module).then((module) =>
    module.create(info, (share) => showProgress(say("painting"), share)),
  );
  loading.catch(() => (loading = null));
  return loading;
}

/** Frees the memory of the backend in this browser. */
export function leaveBrowser() {
  loading?.then((backend) => backend.close()).catch(() => {}); // one that did not load
  loading = null;
}
