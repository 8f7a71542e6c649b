// Pictures painted by parts, as fast_style/tiling.py does and with its names.
//
// A picture is {data, width, height} with RGBA, as ImageData is. `tiling` is what the
// server tells of it: `border` and `stride` of the network, and the sizes of the parts.

import { round } from "./numbers.js";

/** Returns which pixels make up a side with its mirrored border. */
export function places(length, { border: [before, after], stride }) {
  const whole = Math.ceil(length / stride) * stride;
  const period = Math.max(1, 2 * (length - 1));
  return Int32Array.from({ length: before + whole + after }, (_, i) => {
    const place = Math.abs(i - before) % period;
    return Math.min(place, period - place);
  });
}

/** Returns the pixels of a picture in the given rows and columns, RGB. */
export function cut({ data, width }, rows, columns) {
  const pixels = new Uint8Array(3 * rows.length * columns.length);
  let i = 0;
  for (const row of rows) {
    for (const column of columns) {
      const place = 4 * (row * width + column);
      pixels[i++] = data[place];
      pixels[i++] = data[place + 1];
      pixels[i++] = data[place + 2];
    }
  }
  return pixels;
}

/**
 * Returns the windows of a large picture that its statistics are measured by.
 *
 * @returns {[Uint8Array, number[]][]} batches of one shape: their pixels, and that shape
 */
export function windows(picture, tiling) {
  const { width, height } = picture;
  const { border, stride, window, windows: least, batches } = tiling;
  const [rows, columns] = [height, width].map((length) => places(length, tiling));
  const side = window - ((window - border[0] - border[1]) % stride);
  const down = Math.max(1, round(Math.sqrt((batches * least * height) / width)));
  const enough = Math.ceil((batches * least) / down);
  const across = enough + (enough % batches ? 0 : 1); // or each would have its own columns
  const parts = [];
  for (const top of spread(rows.length, side, down)) {
    for (const left of spread(columns.length, side, across)) {
      parts.push([rows.subarray(top, top + side), columns.subarray(left, left + side)]);
    }
  }
  const [[{ length: high }, { length: wide }]] = parts;
  const count = Math.floor(parts.length / batches);
  return Array.from({ length: batches }, (_, batch) => {
    const pixels = new Uint8Array(count * high * wide * 3);
    for (let i = 0; i < count; i++) {
      pixels.set(cut(picture, ...parts[i * batches + batch]), i * high * wide * 3);
    }
    return [pixels, [count, high, wide, 3]];
  });
}

function spread(length, side, count) {
  const room = Math.max(0, length - side);
  return Array.from({ length: count }, (_, i) => {
    const middle = ((i + 0.5) * length) / count;
    return round(Math.min(Math.max(middle - side / 2, 0), room));
  });
}

/**
 * Returns the promise of a picture painted by tiles, which blend where they overlap.
 *
 * @param {function} paintTile (pixels, height, width) => promise of the inner part, RGB
 * @param {function(number)} onShare called after each tile with the share that is done
 */
export async function paint(picture, tiling, paintTile, onShare) {
  const { width, height } = picture;
  const [rows, columns] = [height, width].map((length) => places(length, tiling));
  const around = tiling.border[0] + tiling.border[1];
  const [down, across] = [rows, columns].map((all) => spans(all.length - around, tiling));
  const result = new ImageData(width, height);
  const strip = new ImageData(width, down[0].size);
  let done = 0;
  for (const span of down) {
    const own = rows.subarray(span.start, span.start + span.size + around);
    for (const part of across) {
      const others = columns.subarray(part.start, part.start + part.size + around);
      const tile = await paintTile(cut(picture, own, others), own.length, others.length);
      layTile(strip, tile, part);
      onShare(++done / (down.length * across.length));
    }
    layStrip(result, strip, span);
  }
  return result;
}

/**
 * Returns equal tiles of a side, each overlapping the one before.
 *
 * @returns {object[]} `start`, `size`, and `shares`: how much of each of its pixels is seen
 *   over those of the tile before
 */
function spans(length, { tile, overlap, stride }) {
  const count = Math.max(1, Math.ceil((length - overlap) / (tile - overlap)));
  const equal = Math.ceil(((length - overlap) / count + overlap) / stride) * stride;
  const size = Math.min(equal, length);
  let end = 0; // of the tile before
  return Array.from({ length: count }, (_, i) => {
    const start = Math.min(i * (size - overlap), length - size);
    const seam = Math.min(overlap, end - start);
    const begin = end - seam - start;
    const share = (place) => Math.min(1, (place - begin + 0.5) / Math.max(1, seam));
    const shares = Float32Array.from({ length: size }, (_, place) =>
      place < begin ? 0 : place < begin + seam ? share(place) : 1,
    );
    end = start + size;
    return { start, size, shares };
  });
}

/** Lays a tile, RGB, over the others of its strip. */
function layTile({ data, width, height }, tile, { start, size, shares }) {
  const columns = Math.min(size, width - start);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < columns; x++) {
      const [to, from] = [4 * (y * width + start + x), 3 * (y * size + x)];
      for (let c = 0; c < 3; c++) data[to + c] += shares[x] * (tile[from + c] - data[to + c]);
    }
  }
}

/** Lays a strip over those above it. */
function layStrip({ data, width, height }, strip, { start, size, shares }) {
  const rows = Math.min(size, height - start);
  for (let y = 0; y < rows; y++) {
    const [to, from] = [4 * width * (start + y), 4 * width * y];
    for (let i = 0; i < 4 * width; i++) {
      data[to + i] += shares[y] * (strip.data[from + i] - data[to + i]);
    }
  }
}
