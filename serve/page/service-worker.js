// Keeps the page for use without a network. All of a page comes from one version: a newer
// one waits until no tab shows the older any more, or until a tab asks for it.
//
// The server writes KEPT above these lines: {version: a fingerprint of its files, page:
// their paths, painting: those of LiteRT.js, model and styles: the paths of the network
// and of its styles' list, which a training changes and which are the newest there are}.

const FAMILY = `fast_style ${registration.scope} `;
const NAME = FAMILY + KEPT.version;
const [PAGE, PAINTING] = [new Set(KEPT.page), new Set(KEPT.painting)];

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(removeOthers()));
addEventListener("fetch", (event) => {
  const answer = answerTo(event);
  if (answer) event.respondWith(answer);
});

/** A tab sends {take: true} to have this version at once, or {keep: addresses}. */
addEventListener("message", (event) => {
  const { take, keep } = event.data;
  if (take) event.waitUntil(skipWaiting());
  if (keep) event.waitUntil(keepAll(keep.map(pathOf).filter(isForPainting)));
});

async function install() {
  const painting = await keptPainting(); // by the version before
  await keepAll([...KEPT.page, ...painting, KEPT.styles]);
  // A server that was replaced meanwhile may have sent files of two versions.
  const script = await (await fetch(location.href, { cache: "no-cache" })).text();
  if (!script.includes(KEPT.version)) throw new Error("The server has a newer page.");
}

async function keepAll(paths) {
  const cache = await caches.open(NAME);
  // Browsers ask the server whether they still have these, and load what is new alone.
  const each = [...new Set(paths)]; // a path that comes twice is refused
  await cache.addAll(each.map((path) => new Request(path, { cache: "no-cache" })));
}

async function keptPainting() {
  const paths = new Set();
  for (const name of await familyNames()) {
    const requests = await (await caches.open(name)).keys();
    for (const { url } of requests) if (isForPainting(pathOf(url))) paths.add(pathOf(url));
  }
  return paths;
}

async function removeOthers() {
  for (const name of await familyNames()) if (name !== NAME) await caches.delete(name);
}

async function familyNames() {
  return (await caches.keys()).filter((name) => name.startsWith(FAMILY));
}

function isForPainting(path) {
  return PAINTING.has(path) || path === KEPT.model;
}

function pathOf(url) {
  const { origin, pathname } = new URL(url, location.href);
  return origin === location.origin ? pathname : null;
}

/** Returns the promise of an answer, or null where the browser asks the server itself. */
function answerTo(event) {
  const { request } = event;
  const path = pathOf(request.url);
  if (request.method !== "GET" || !path) return null;
  if (PAGE.has(path) || PAINTING.has(path)) return kept(request);
  if (path === KEPT.styles) event.waitUntil(keepModel());
  return path === KEPT.model || path.startsWith(KEPT.styles) ? newest(request) : null;
}

/** Keeps the newest network where one is kept, because it goes with the list of styles. */
async function keepModel() {
  const cache = await caches.open(NAME);
  if (await cache.match(KEPT.model)) await keepAll([KEPT.model]);
}

async function kept(request) {
  const cache = await caches.open(NAME);
  return (await cache.match(request, { ignoreSearch: true })) ?? fetch(request);
}

async function newest(request) {
  const cache = await caches.open(NAME);
  try {
    const response = await fetch(request);
    if (response.ok) await cache.put(request, response.clone());
    return response;
  } catch (error) {
    const earlier = await cache.match(request);
    if (earlier) return earlier;
    throw error;
  }
}
