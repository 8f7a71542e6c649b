// The network itself, by LiteRT.js; runs in a worker.

import { loadAndCompile, loadLiteRt, Tensor } from "../../litert/core.js";
import { resize } from "./tflite.js";

const LITERT = new URL("../../litert/", import.meta.url).href;
const KEPT = 2; // sizes: that of previews and that of results

/**
 * Loads a network.
 *
 * @param {string} url of a .tflite file
 * @returns {Promise<function>} (pixels, height, width, row) => pixels, all RGB
 */
export async function load(url) {
  // A browser gives threads shared memory where the page is isolated from other sites.
  const threads = self.crossOriginIsolated;
  self.Module = { locateFile: (name) => LITERT + name };
  if (threads) {
    self.Module.mainScriptUrlOrBlob = `${LITERT}litert_wasm_threaded_internal.js`;
  }
  const [answer] = await Promise.all([fetch(url), loadLiteRt(LITERT, { threads })]);
  if (!answer.ok) throw new Error(`The model cannot be fetched: ${answer.statusText}.`);
  const file = new Uint8Array(await answer.arrayBuffer());
  const compiled = new Map(); // by size, the last used at the end

  async function compile(height, width) {
    const size = `${height}x${width}`;
    let model = compiled.get(size);
    compiled.delete(size);
    if (!model && compiled.size === KEPT) {
      const [[oldest, unused]] = compiled;
      compiled.delete(oldest);
      unused.delete();
    }
    model ??= await loadAndCompile(resize(file, height, width), { accelerator: "wasm" });
    compiled.set(size, model);
    return model;
  }

  return async function run(pixels, height, width, row) {
    const model = await compile(height, width);
    const inputs = {
      images: new Tensor(new Uint8Array(pixels.buffer), [1, height, width, 3]),
      style_weights: new Tensor(row, [1, row.length]),
    };
    const { stylized_images: output } = await model.run(inputs);
    const painted = new Uint8ClampedArray(output.toTypedArray());
    for (const tensor of [...Object.values(inputs), output]) tensor.delete();
    return painted;
  };
}
