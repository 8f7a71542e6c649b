// Paints beside the page. No module: LiteRT.js loads its program by importScripts.

const modules = Promise.all([import("./network.js"), import("./stylizer.js")]);
let network;

/** Answers {model, rows} when the network is loaded, and with image, settings paints. */
self.onmessage = async ({ data: { model, rows, image, settings } }) => {
  try {
    const [{ load }, { stylize }] = await modules;
    network ??= load(model);
    const run = await network;
    if (!image) return self.postMessage({});
    const began = performance.now();
    const painted = await stylize(run, rows, image, settings);
    const ms = performance.now() - began;
    self.postMessage({ image: painted, ms }, [painted.data.buffer]);
  } catch (error) {
    self.postMessage({ error: error.message });
  }
};
