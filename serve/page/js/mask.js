// The mask: where the brushed area's setting applies. In the other parts the rest's does.

import { makeCanvas } from "./canvas.js";
import { compose, composeAgain } from "./compose.js";
import { find } from "./dom.js";
import { ALL, areaOf, draw, drawAll, isWhole, joined } from "./strokes.js";

const LONGEST = 1024; // px, the longer side of the mask

const mask = find("#overlay"); // it lies over the picture, where it can be seen

let strokes = []; // see strokes.js; neither it nor a finished stroke is ever changed
let undone = []; // the strokes that were taken back, the last one first
let stroke = null; // the one that is being drawn
let onDraw;
let onStroke;
let dirty = null; // the area that is drawn anew in the next frame

/**
 * Starts the mask.
 *
 * @param {function(number[])} drawn called once a frame where the mask looks different,
 *   with the area
 * @param {function()} changed called when its strokes are others
 */
export function start(drawn, changed) {
  [onDraw, onStroke] = [drawn, changed];
  // Where the picture is enlarged, more of it is shown.
  new ResizeObserver(() => isOn() && redraw(ALL)).observe(find("#frame"));
}

/** Fits the mask to a new picture. */
export function fit({ width, height }) {
  const scale = Math.min(1, LONGEST / Math.max(width, height));
  mask.width = Math.ceil(width * scale);
  mask.height = Math.ceil(height * scale);
  set(strokes);
}

/** Returns the strokes. */
export function get() {
  return strokes;
}

/**
 * Replaces the strokes without calling `changed`. Where they are some of the earlier ones,
 * `redo` goes on with the others.
 */
export function set(newStrokes) {
  const all = [...strokes, ...undone];
  const goesBack = newStrokes.every((stroke, i) => stroke === all[i]);
  undone = goesBack ? all.slice(newStrokes.length) : [];
  restore(newStrokes);
}

/** Forgets the strokes that were taken back. */
export function forgetUndone() {
  undone = [];
}

/** Returns whether some part is not brushed. */
export function isOn() {
  return !isWhole(strokes) || Boolean(stroke);
}

/** Adds a stroke. */
export function add(newStroke) {
  begin(newStroke);
  end();
}

/** Begins to draw a stroke; see `extend`, `end` and `cancel`. */
export function begin(newStroke) {
  stroke = newStroke;
  draw(mask, stroke);
  redraw(areaOf(mask, stroke));
}

/** Draws on to further points. */
export function extend(points) {
  const index = stroke.points.length;
  stroke.points.push(...points);
  draw(mask, stroke, index);
  redraw(areaOf(mask, stroke, index));
}

export function end() {
  [strokes, undone, stroke] = [[...strokes, stroke], [], null];
  onStroke();
}

/** Takes back the stroke that is being drawn. */
export function cancel() {
  if (stroke) restore(strokes);
}

export function isDrawing() {
  return Boolean(stroke);
}

export function canUndo() {
  return strokes.length > 0;
}

export function canRedo() {
  return undone.length > 0;
}

/** Takes back the latest stroke; settings stay as they are. */
export function undo() {
  if (!canUndo()) return;
  undone = [strokes.at(-1), ...undone];
  restore(strokes.slice(0, -1));
  onStroke();
}

/** Draws again the stroke that was taken back last. */
export function redo() {
  if (!canRedo()) return;
  const [again, ...others] = undone;
  undone = others;
  restore([...strokes, again]);
  onStroke();
}

/** Returns a canvas of a result over a base where the mask is painted. */
export function apply(result, base) {
  const canvas = makeCanvas(result.width, result.height);
  compose(canvas, { mask, result, base });
  return canvas;
}

/**
 * Draws what `apply` returns, only as large as the screen shows it: a brush must be
 * followed.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {number[]} [area] the only part of the mask that changed since the last time
 */
export function show(canvas, result, base, area = ALL) {
  const { width, height } = canvas.getBoundingClientRect();
  const shown = Math.max(width, height) * devicePixelRatio;
  const longer = Math.max(result.width, result.height);
  const scale = Math.min(1, Math.max(LONGEST, shown) / longer);
  const sides = [result.width, result.height].map((side) => Math.round(side * scale));
  const fits = canvas.width === sides[0] && canvas.height === sides[1];
  if (!fits) [canvas.width, canvas.height] = sides;
  const edges = (fits ? area : ALL).map((share, i) => share * sides[i % 2]);
  const rectangle = edges.map((px, i) => (i < 2 ? Math.floor(px) : Math.ceil(px)));
  composeAgain(canvas, { mask, result, base }, rectangle);
}

function restore(earlier) {
  [strokes, stroke] = [earlier, null];
  drawAll(mask, strokes);
  redraw(ALL);
}

function redraw(area) {
  if (!onDraw) return;
  const requested = dirty;
  dirty = dirty ? joined(dirty, area) : area;
  if (requested) return;
  requestAnimationFrame(() => {
    area = dirty;
    dirty = null;
    onDraw(area);
  });
}
