// The network, run by LiteRT.js in a worker.

import { loadAndCompile, loadLiteRt, Tensor } from "../../litert/core.js";
import { reshape, signaturesOf } from "./tflite.js";
import { say } from "../words.js";

const LITERT = new URL("../../litert/", import.meta.url).href;
const ERROR = /^ERROR: /; // how LiteRT's own messages begin
const MOST = 2; // compiled networks, one for each of the two paintings of longer strokes
const KEPT = 1_000_000; // px of inputs, for which they are kept together

/**
 * Loads a network.
 *
 * @param {string} url of a .tflite file
 * @returns {Promise<{signatures: string[], run: function}>} `run` takes a signature's
 *   name, its inputs by name, [data, shape] each, and the name of its one output with
 *   the shape that follows from theirs, if any does; it returns the promise of the output
 */
export async function load(url) {
  const [file] = await Promise.all([fetchFile(url), startLiteRt()]);
  const options = { accelerator: "wasm", cpuOptions: { numThreads: threads() } };
  let compiled = []; // {key, model, pixels}, the latest first

  async function compile(signature, shapes, pixels) {
    const key = JSON.stringify([signature, shapes]);
    let network = compiled.find((network) => network.key === key);
    compiled = compiled.filter((other) => other !== network);
    if (!network) {
      makeRoom(pixels);
      const model = await loadAndCompile(reshape(file, signature, shapes), options);
      network = { key, model, pixels };
    }
    compiled.unshift(network);
    return network.model;
  }

  /** Deletes the networks that were used the longest ago, before one is compiled. */
  function makeRoom(pixels) {
    const kept = [];
    let sum = pixels;
    for (const network of compiled) {
      sum += network.pixels;
      if (kept.length < MOST - 1 && sum <= KEPT) kept.push(network);
      else network.model.delete();
    }
    compiled = kept;
  }

  async function run(signature, inputs, [name, shape]) {
    const shapes = Object.fromEntries(
      Object.entries(inputs).map(([input, [, shape]]) => [input, shape]),
    );
    const pixels = Math.max(...Object.values(inputs).map(([data]) => data.length / 3));
    const model = await compile(signature, { ...shapes, [name]: shape }, pixels);
    return runOnce(model, signature, inputs, name);
  }

  return { signatures: signaturesOf(file), run };
}

/**
 * Returns the number of threads of a network.
 *
 * LiteRT.js has one worker for each core. Networks that need more threads together get
 * further workers, which start later, and `delete` waits forever for one that has not.
 */
function threads() {
  const others = Math.floor(navigator.hardwareConcurrency / MOST);
  return self.crossOriginIsolated ? 1 + others : 1;
}

let failure = null; // the latest of LiteRT's messages on an error

/** Runs a network. LiteRT.js tells a failure by a message alone, and returns noise. */
async function runOnce(model, signature, inputs, name) {
  failure = null;
  const tensors = Object.fromEntries(
    Object.entries(inputs).map(([input, [data, shape]]) => [input, new Tensor(data, shape)]),
  );
  const { [name]: output } = await model.run(signature, tensors);
  const data = output.toTypedArray();
  for (const tensor of [...Object.values(tensors), output]) tensor.delete();
  if (failure) throw new Error(failure.replace(ERROR, ""));
  return data;
}
async function fetchFile(url) {
  const response = await fetch(url);
  const { ok, status } = response;
  if (!ok) throw new Error(say("browser.refused", { status }));
  return new Uint8Array(await response.arrayBuffer());
}

async function startLiteRt() {
  // Browsers share memory between threads only on pages isolated from other sites.
  const threads = self.crossOriginIsolated;
  const printErr = (text) => {
    if (ERROR.test(text)) failure = text;
    else console.info(text);
  };
  self.Module = { locateFile: (name) => LITERT + name, printErr };
  if (threads) {
    self.Module.mainScriptUrlOrBlob = `${LITERT}litert_wasm_threaded_internal.js`;
  }
  try {
    await loadLiteRt(LITERT, { threads });
  } catch (error) {
    const reason = error.message ?? error;
    throw new Error(say("browser.unstarted", { reason }));
  }
}
