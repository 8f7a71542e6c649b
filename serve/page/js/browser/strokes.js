// Longer strokes, as fast_style/strokes.py makes them and with its names.
//
// A picture is {data, width, height} with RGBA, as ImageData is. `rules` is what the server
// tells of strokes.

import { AUTO } from "../settings.js";
import { round } from "./numbers.js";
import { resize, Resizer } from "./resizing.js";

/** Returns how many times longer than the network's the strokes of a picture are. */
export function choose(stroke, { width, height }, rules, minSize) {
  const auto = Math.max(1, Math.max(width, height) / rules.auto_size);
  const longest = Math.min(width, height) / minSize;
  const times = Math.min(stroke === AUTO ? auto : stroke, longest);
  return longest >= rules.least_reduction ? times : 1;
}

/** Returns how much of the work each painting is, in their order. */
export function shares(times, picture, rules) {
  if (times === 1) return [1];
  const [width, height] = copySize(times, picture, rules);
  const copy = (width * height) / (picture.width * picture.height);
  return [copy / (1 + copy), 1 / (1 + copy)];
}

/** Returns width and height of the smaller copy that is painted first. */
function copySize(times, { width, height }, rules) {
  const reduction = Math.max(times, rules.least_reduction);
  return [round(width / reduction), round(height / reduction)];
}

/**
 * Returns the promise of a picture painted with longer strokes.
 *
 * @param picture
 * @param {number} times as of `choose`
 * @param rules
 * @param {function} paint the promise of a picture painted with the network's own strokes
 */
export async function paint(picture, times, rules, paint) {
  if (times === 1) return paint(picture);
  const size = copySize(times, picture, rules);
  const share = Math.min(1, times - 1); // under 2 the smaller copy is seen less
  const coarse = await paint(resize(picture, size));
  const painted = await paint(mixed(picture, coarse, share * rules.share));
  const { width, height, data } = painted;
  const [added, removed] = [coarse, resize(painted, size)].map(
    (small) => new Resizer(small, [width, height]),
  );
  for (let y = 0; y < height; y++) {
    const [plus, minus] = [added.row(y), removed.row(y)];
    const start = 4 * width * y;
    for (let i = 0; i < 4 * width; i++) data[start + i] += share * (plus[i] - minus[i]);
    for (let i = 3; i < 4 * width; i += 4) data[start + i] = picture.data[start + i];
  }
  return painted;
}

/** Returns a picture mixed with a smaller one, which has the given share. */
function mixed(picture, small, share) {
  const { width, height, data } = picture;
  const result = new ImageData(new Uint8ClampedArray(data), width, height);
  const resizer = new Resizer(small, [width, height]);
  for (let y = 0; y < height; y++) {
    const row = resizer.row(y);
    const start = 4 * width * y;
    for (let i = 0; i < 4 * width; i++) {
      result.data[start + i] = (1 - share) * data[start + i] + share * row[i];
    }
  }
  return result;
}
