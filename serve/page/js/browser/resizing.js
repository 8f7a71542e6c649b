// Pictures at another size, by Lanczos' filter as Pillow has it.
//
// A canvas's own filters differ between browsers, and from the server's.

const LOBES = 3;

/** Returns a picture, {data, width, height} with RGBA, at another width and height. */
export function resize(picture, [width, height]) {
  const resizer = new Resizer(picture, [width, height]);
  const result = new ImageData(width, height);
  for (let y = 0; y < height; y++) result.data.set(resizer.row(y), 4 * width * y);
  return result;
}

/** Resizes a picture row by row, from the first on, and keeps few rows. */
export class Resizer {
  #rows = new Map(); // the picture's, resized in width, by their places

  constructor(picture, [width, height]) {
    this.picture = picture;
    this.columns = weigh(picture.width, width);
    this.lines = weigh(picture.height, height);
  }

  /** Returns a row, RGBA; the next call may change it. */
  row(y) {
    const { first, weights } = this.lines[y];
    for (const old of this.#rows.keys()) if (old < first) this.#rows.delete(old);
    const sums = new Float32Array(4 * this.columns.length);
    weights.forEach((weight, i) => {
      const row = this.#narrow(first + i);
      for (let j = 0; j < sums.length; j++) sums[j] += weight * row[j];
    });
    return new Uint8ClampedArray(sums);
  }

  /** Returns a row of the picture, resized in width. */
  #narrow(y) {
    if (this.#rows.has(y)) return this.#rows.get(y);
    const { data, width } = this.picture;
    const row = new Uint8ClampedArray(4 * this.columns.length);
    this.columns.forEach(({ first, weights }, x) => {
      let [red, green, blue, alpha] = [0, 0, 0, 0];
      for (let i = 0, at = 4 * (y * width + first); i < weights.length; i++, at += 4) {
        red += weights[i] * data[at];
        green += weights[i] * data[at + 1];
        blue += weights[i] * data[at + 2];
        alpha += weights[i] * data[at + 3];
      }
      row.set([red, green, blue, alpha], 4 * x);
    });
    this.#rows.set(y, row);
    return row;
  }
}

/** Returns for each place of a side the first place before, and the weights from there. */
function weigh(before, after) {
  const scale = before / after;
  const reach = Math.max(scale, 1);
  return Array.from({ length: after }, (_, place) => {
    const center = (place + 0.5) * scale;
    const first = Math.max(0, Math.floor(center - LOBES * reach + 0.5));
    const last = Math.min(before, Math.floor(center + LOBES * reach + 0.5));
    const weights = Float32Array.from({ length: last - first }, (_, i) =>
      lanczos((first + i - center + 0.5) / reach),
    );
    const sum = weights.reduce((a, b) => a + b);
    return { first, weights: weights.map((weight) => weight / sum) };
  });
}

function lanczos(x) {
  return Math.abs(x) < LOBES ? sinc(x) * sinc(x / LOBES) : 0;
}

function sinc(x) {
  return x ? Math.sin(Math.PI * x) / (Math.PI * x) : 1;
}
