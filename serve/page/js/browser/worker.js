// Paints beside the page. Not a module, because LiteRT.js uses importScripts.

const modules = Promise.all([import("./network.js"), import("./stylizer.js")]);
let network;

/** Loads the network; then paints `image` by `settings`, if the job has them. */
self.onmessage = async ({ data: { model, image, settings } }) => {
  try {
    const [{ load }, { stylize }] = await modules;
    network ??= load(model.url);
    const loaded = await network;
    if (!image) return self.postMessage({ files: loadedFiles() });
    const start = performance.now();
    const onProgress = (progress) => self.postMessage({ progress });
    const result = await stylize(loaded, model, image, settings, onProgress);
    const ms = performance.now() - start;
    self.postMessage({ image: result, ms }, [result.data.buffer]);
  } catch (error) {
    self.postMessage({ error: error.message });
  }
};

/** Returns the addresses of what was loaded to paint. */
function loadedFiles() {
  return performance.getEntriesByType("resource").map(({ name }) => name);
}
