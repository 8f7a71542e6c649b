// How large previews are: as large as this server or browser paints while a slider moves.

const SIZES = [160, 192, 256, 320, 384]; // px, the longer side; each is compiled once
const TARGET = 100; // ms from a change until its preview is drawn
const ROOM = 0.8; // of that time for a larger size, so that sizes do not take turns
const BORDER = 40; // px, about what the network adds to a side
const NEWEST = 0.4; // share of the newest preview in what is expected of the next

export const LARGEST = SIZES.at(-1);

let size = 256;
let settled = false; // whether a preview of this size was painted before
let speed = null; // {paint, around}: ms for a pixel, and ms for all but the painting

/** Returns the longer side of the next preview in px. */
export function previewSize() {
  return size;
}

/**
 * Learns from a preview of the current size.
 *
 * @param {number} painting ms that the network took
 * @param {number} elapsed ms from the start of the preview until it was drawn
 */
export function note(painting, elapsed) {
  if (settled) {
    const measured = { paint: painting / area(size), around: elapsed - painting };
    const mix = (key) => speed[key] + NEWEST * (measured[key] - speed[key]);
    speed = speed ? { paint: mix("paint"), around: mix("around") } : measured;
    choose();
  } else {
    settled = true; // the first preview of a size has the network prepared for it
  }
}

function choose() {
  const expected = (side) => speed.around + speed.paint * area(side);
  const fits = (side) => expected(side) <= (side > size ? ROOM : 1) * TARGET;
  const largest = SIZES.findLast(fits) ?? SIZES[0];
  [size, settled] = [largest, largest === size];
}

/** Forgets what was learned, for something else paints from now on. */
export function reset() {
  [speed, settled] = [null, false];
}

function area(side) {
  return (side + BORDER) ** 2;
}
