// The mask's strokes, and how they are drawn. Places are shares of width and height, so
// that a mask fits a picture of any size. Before the first stroke all of it is painted.
//
// A stroke: "fill", "clear" or "invert"; a gradient {from: [x, y], to: [x, y]}, painted
// before `from` and not behind `to`; or {radius: a share of the longer side, soft: 0 to 1,
// erase, points: [[x, y], ...]}, whose points may have a radius of their own instead.

const SPACING = 0.15; // between two dabs, as a share of the brush's radius
const WHOLE = { fill: "source-over", clear: "destination-out", invert: "source-out" };
const [PAINTED, UNPAINTED] = ["#ff2d87ff", "#ff2d8700"]; // seen where it lies over a picture

/** Everything: an area is the shares of its left, top, right and bottom edge. */
export const ALL = [0, 0, 1, 1];

/** Returns whether nothing is left unpainted. */
export function isWhole(strokes) {
  return !strokes.length || strokes.at(-1) === "fill";
}

/** Draws strokes on an empty canvas. */
export function drawAll(canvas, strokes) {
  const first = strokes.findLastIndex((stroke) => stroke === "fill" || stroke === "clear");
  draw(canvas, "fill");
  for (const stroke of strokes.slice(Math.max(0, first))) draw(canvas, stroke);
}

/** Draws a stroke, one with points from the one at an index on. */
export function draw(canvas, stroke, index = 0) {
  if (WHOLE[stroke]) fillWith(canvas, WHOLE[stroke], PAINTED);
  else if (stroke.from) fillWith(canvas, "copy", gradientOf(canvas, stroke));
  else drawPoints(canvas, stroke, index);
}

/** Returns the area that `draw` may change. */
export function areaOf({ width, height }, stroke, index = 0) {
  if (!stroke.points || stroke.radius === undefined) return ALL;
  const places = stroke.points.slice(Math.max(0, index - 1));
  const reach = stroke.radius * Math.max(width, height) + 1;
  const [across, down] = [reach / width, reach / height];
  const [xs, ys] = [0, 1].map((axis) => places.map((place) => place[axis]));
  const edges = [Math.min(...xs) - across, Math.min(...ys) - down];
  edges.push(Math.max(...xs) + across, Math.max(...ys) + down);
  return edges.map((share) => Math.min(1, Math.max(0, share)));
}

/** Returns the least area that holds two. */
export function joined(one, other) {
  return one.map((share, i) => (i < 2 ? Math.min : Math.max)(share, other[i]));
}

function fillWith(canvas, operation, style) {
  const context = canvas.getContext("2d");
  context.globalCompositeOperation = operation;
  context.fillStyle = style;
  context.fillRect(0, 0, canvas.width, canvas.height);
}

function gradientOf(canvas, { from, to }) {
  const { width, height } = canvas;
  const line = [from[0] * width, from[1] * height, to[0] * width, to[1] * height];
  return between(canvas.getContext("2d").createLinearGradient(...line));
}

function between(gradient) {
  gradient.addColorStop(0, PAINTED);
  gradient.addColorStop(1, UNPAINTED);
  return gradient;
}

function drawPoints(canvas, stroke, index) {
  const { points, radius } = stroke;
  const context = canvas.getContext("2d");
  context.globalCompositeOperation = stroke.erase ? "destination-out" : "source-over";
  for (let i = index; i < points.length; i++) {
    // A point with a radius of its own stands alone.
    const from = radius === undefined ? points[i] : (points[i - 1] ?? points[i]);
    drawLine(canvas, { radius: points[i][2], ...stroke }, from, points[i]);
  }
}

/** Draws dabs up to a point; where the line begins there is one already. */
function drawLine(canvas, stroke, from, to) {
  const { width, height } = canvas;
  const radius = stroke.radius * Math.max(width, height);
  const [x0, y0] = [from[0] * width, from[1] * height];
  const [x1, y1] = [to[0] * width, to[1] * height];
  const context = canvas.getContext("2d");
  const hard = radius * (1 - stroke.soft);
  const steps = Math.ceil(Math.hypot(x1 - x0, y1 - y0) / (SPACING * radius)) || 1;
  for (let i = 1; i <= steps; i++) {
    const x = x0 + ((x1 - x0) * i) / steps;
    const y = y0 + ((y1 - y0) * i) / steps;
    context.fillStyle = between(context.createRadialGradient(x, y, hard, x, y, radius));
    context.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
  }
}
