// A network on pictures of any size, as fast_style/painting.py does and with its names.
//
// A picture is {data, width, height} with RGBA, as ImageData is.

import * as tiling from "./tiling.js";
import { say } from "../words.js";

const [WHOLE, STATISTICS, TILE] = ["serving_default", "statistics", "stylize_tile"];

/**
 * Returns a picture painted whole, or by tiles where it is large.
 *
 * @param network see network.js
 * @param rules what the server tells of tiles; see tiling.js
 * @param picture its alpha is kept
 * @param {Float32Array} weights
 * @param {function(number)} onShare called after each tile with the share that is done
 * @returns {Promise<ImageData>}
 */
export async function paint(network, rules, picture, weights, onShare) {
  const { width, height } = picture;
  const small = width * height <= rules.largest_whole;
  const whole = small || !network.signatures.includes(TILE);
  try {
    const paintAll = whole ? paintWhole : paintTiles;
    const result = await paintAll(network, rules, picture, weights, onShare);
    for (let i = 3; i < result.data.length; i += 4) result.data[i] = picture.data[i];
    return result;
  } catch (error) {
    const reason = error.message ?? error;
    throw new Error(say("browser.failed", { width, height, reason }));
  }
}

async function paintWhole({ run }, _rules, picture, weights) {
  const { width, height } = picture;
  const images = [tiling.cut(picture, upTo(height), upTo(width)), [1, height, width, 3]];
  const inputs = { images, style_weights: rowOf(weights) };
  const pixels = await run(WHOLE, inputs, ["stylized_images", images[1]]);
  const result = new ImageData(width, height);
  for (let i = 0, j = 0; j < pixels.length; i += 4) {
    for (let c = 0; c < 3; c++) result.data[i + c] = pixels[j++];
  }
  return result;
}

async function paintTiles({ run }, rules, picture, weights, onShare) {
  const style_weights = rowOf(weights);
  const statistics = await measure(run, rules, picture, style_weights);
  const around = rules.border[0] + rules.border[1];

  function paintTile(pixels, height, width) {
    const tiles = [pixels, [1, height, width, 3]];
    const inputs = { tiles, style_weights, statistics };
    const inner = [1, height - around, width - around, 3];
    return run(TILE, inputs, ["stylized_tiles", inner]);
  }

  return tiling.paint(picture, rules, paintTile, onShare);
}

async function measure(run, rules, picture, style_weights) {
  const batches = tiling.windows(picture, rules);
  let mean = null;
  for (const windows of batches) {
    const measured = await run(STATISTICS, { windows, style_weights }, ["statistics"]);
    mean ??= new Float32Array(measured.length);
    for (let i = 0; i < mean.length; i++) mean[i] += measured[i] / batches.length;
  }
  return [mean, [1, 1, 1, mean.length]];
}

const upTo = (length) => [...Array(length).keys()];

const rowOf = (weights) => [weights, [1, weights.length]];
