// The page without a network, and as an app: service-worker.js keeps its files.

import { inBrowser, leaveBrowser } from "./backends.js";
import { find } from "./dom.js";
import * as messages from "./messages.js";
import * as toast from "./toast.js";
import { say } from "./words.js";

const PAINTED = 2000; // ms, after which the first picture is painted on most computers

const workers = navigator.serviceWorker; // pages with https have it, and this computer's own
const inBrowserSwitch = find("#in-browser");

/**
 * Keeps the page for later, and does without a server where there is no network.
 *
 * @param {object} info the answer of GET /api/styles
 */
export function start(info) {
  if (info.browser && !navigator.onLine) inBrowserSwitch.click();
  setTimeout(register, PAINTED);
  addEventListener("appinstalled", async () => {
    if (!info.browser) return;
    keepPainting((await inBrowser(info)).files);
    if (!inBrowserSwitch.checked) leaveBrowser();
  });
}

/** Keeps files of the network that paints in the browser, given by their addresses. */
export async function keepPainting(addresses) {
  const registration = await workers?.ready;
  registration?.active.postMessage({ keep: addresses });
}

async function register() {
  try {
    const registration = await workers?.register("service-worker.js");
    if (!registration) return;
    if (registration.waiting) offer(registration.waiting);
    registration.addEventListener("updatefound", () => {
      const worker = registration.installing;
      worker.addEventListener("statechange", () => {
        if (worker.state === "installed") offer(worker);
      });
    });
    workers.addEventListener("controllerchange", () => location.reload());
  } catch {
    // Private windows have no such workers. The page works with a network alone.
  }
}

/** Offers to bring a newer page to all tabs. */
function offer(worker) {
  if (!workers.controller) return; // the first one is as new as the page that is shown
  const take = () => worker.postMessage({ take: true });
  messages.show(say("offline.newer"));
  toast.offer(say("offline.newer"), say("offline.take"), take);
}
