// Paints beside the page. Not a module, because LiteRT.js uses importScripts.

const modules = Promise.all([import("./network.js"), import("./stylizer.js")]);
let network;

/** Loads the network; then paints `image` by `settings`, if the job has them. */
self.onmessage = async ({ data: { model, rows, photoRow, image, settings } }) => {
  try {
    const [{ load }, { stylize }] = await modules;
    network ??= load(model);
    const run = await network;
    if (!image) return self.postMessage({});
    const start = performance.now();
    const result = await stylize({ run, rows, photoRow }, image, settings);
    const ms = performance.now() - start;
    self.postMessage({ image: result, ms }, [result.data.buffer]);
  } catch (error) {
    self.postMessage({ error: error.message });
  }
};
