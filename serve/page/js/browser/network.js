// The network, run by LiteRT.js in a worker.

import { loadAndCompile, loadLiteRt, Tensor } from "../../litert/core.js";
import { resize } from "./tflite.js";

const LITERT = new URL("../../litert/", import.meta.url).href;

/**
 * Loads a network.
 *
 * @param {string} url of a .tflite file
 * @returns {Promise<function>} (pixels, height, width, weights) => pixels, both RGB
 */
export async function load(url) {
  const [file] = await Promise.all([fetchFile(url), startLiteRt()]);
  let compiled; // for the latest size

  async function compile(height, width) {
    const size = `${width} × ${height} px`;
    if (compiled?.size === size) return compiled.model;
    compiled?.model.delete();
    compiled = null;
    const resized = resize(file, height, width);
    const model = await loadAndCompile(resized, { accelerator: "wasm" });
    compiled = { size, model };
    return model;
  }

  return async function run(pixels, height, width, weights) {
    try {
      const model = await compile(height, width);
      return await runOnce(model, pixels, [1, height, width, 3], weights);
    } catch (error) {
      const reason = error.message ?? error;
      throw new Error(
        `This browser failed on ${width} × ${height} px (${reason}). ` +
          "Choose a smaller size, or let the server paint.",
      );
    }
  };
}

async function runOnce(model, pixels, shape, weights) {
  const inputs = {
    images: new Tensor(new Uint8Array(pixels.buffer), shape),
    style_weights: new Tensor(weights, [1, weights.length]),
  };
  const { stylized_images: output } = await model.run(inputs);
  const stylized = new Uint8ClampedArray(output.toTypedArray());
  for (const tensor of [...Object.values(inputs), output]) tensor.delete();
  return stylized;
}

async function fetchFile(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`The server refuses the model: ${response.status}.`);
  return new Uint8Array(await response.arrayBuffer());
}

async function startLiteRt() {
  // Browsers share memory between threads only on pages isolated from other sites.
  const threads = self.crossOriginIsolated;
  self.Module = { locateFile: (name) => LITERT + name };
  if (threads) {
    self.Module.mainScriptUrlOrBlob = `${LITERT}litert_wasm_threaded_internal.js`;
  }
  try {
    await loadLiteRt(LITERT, { threads });
  } catch (error) {
    const reason = error.message ?? error;
    throw new Error(
      `LiteRT.js does not start in this browser (${reason}). Let the server paint.`,
    );
  }
}
