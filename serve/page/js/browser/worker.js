// Paints beside the page. No module: LiteRT.js loads its program by importScripts.

const modules = Promise.all([import("./network.js"), import("./stylizer.js")]);
let network;

self.onmessage = async ({ data: { model, rows, image, settings } }) => {
  try {
    const [{ load }, { stylize }] = await modules;
    network ??= load(model);
    const run = await network;
    const began = performance.now();
    const pixels = await stylize(run, rows, image, settings);
    const ms = performance.now() - began;
    const painted = new ImageData(pixels, image.width, image.height);
    self.postMessage({ image: painted, ms });
  } catch (error) {
    self.postMessage({ error: error.message ?? String(error) });
  }
};
