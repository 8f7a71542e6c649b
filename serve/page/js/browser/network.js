// The network itself, by LiteRT.js; runs in a worker.

import { loadAndCompile, loadLiteRt, Tensor } from "../../litert/core.js";
import { resize } from "./tflite.js";

const LITERT = new URL("../../litert/", import.meta.url).href;

/**
 * Loads a network.
 *
 * @param {string} url of a .tflite file
 * @returns {Promise<function>} (pixels, height, width, row) => pixels, RGB both
 */
export async function load(url) {
  const [file] = await Promise.all([fetchFile(url), startLiteRt()]);
  let compiled; // for the size that was asked for last

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

  return async function run(pixels, height, width, row) {
    try {
      const model = await compile(height, width);
      return await runOnce(model, pixels, [1, height, width, 3], row);
    } catch (error) {
      const reason = error.message ?? error;
      throw new Error(
        `This browser failed on ${width} × ${height} px (${reason}). ` +
          "Choose a smaller size, or paint at the server.",
      );
    }
  };
}

async function runOnce(model, pixels, shape, row) {
  const inputs = {
    images: new Tensor(new Uint8Array(pixels.buffer), shape),
    style_weights: new Tensor(row, [1, row.length]),
  };
  const { stylized_images: output } = await model.run(inputs);
  const painted = new Uint8ClampedArray(output.toTypedArray());
  for (const tensor of [...Object.values(inputs), output]) tensor.delete();
  return painted;
}

async function fetchFile(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`The server does not give the model: ${answer.status}.`);
  return new Uint8Array(await answer.arrayBuffer());
}

async function startLiteRt() {
  // A browser gives threads their memory where the page is isolated from other sites.
  const threads = self.crossOriginIsolated;
  self.Module = { locateFile: (name) => LITERT + name };
  if (threads) {
    self.Module.mainScriptUrlOrBlob = `${LITERT}litert_wasm_threaded_internal.js`;
  }
  try {
    await loadLiteRt(LITERT, { threads });
  } catch (error) {
    const reason = error.message ?? error;
    throw new Error(`LiteRT.js does not start here (${reason}). Paint at the server.`);
  }
}
