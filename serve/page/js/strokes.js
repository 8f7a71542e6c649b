// The mask's strokes, and how they are drawn. Places are shares of width and height, so
// that a mask fits a picture of any size.
//
// A stroke: "fill", "invert", or {radius: a share of the longer side, soft: 0 to 1,
// erase, points: [[x, y], ...]}.

const SPACING = 0.15; // between two dabs, as a share of the brush's radius
const WHOLE = { fill: "source-over", invert: "source-out" }; // all over the canvas

/** Draws strokes on an empty canvas. */
export function drawAll(canvas, strokes) {
  canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
  for (const stroke of strokes) {
    if (WHOLE[stroke]) drawWhole(canvas, WHOLE[stroke]);
    else drawFrom(canvas, stroke, 0);
  }
}

/** Draws the points of a stroke from the one at an index on. */
export function drawFrom(canvas, stroke, index) {
  const { points } = stroke;
  for (let i = index; i < points.length; i++) {
    drawLine(canvas, stroke, points[i - 1] ?? points[i], points[i]);
  }
}

function drawWhole(canvas, operation) {
  const context = canvas.getContext("2d");
  context.globalCompositeOperation = operation;
  context.fillStyle = "#000";
  context.fillRect(0, 0, canvas.width, canvas.height);
}

/** Draws dabs up to a point; where the line begins there is one already. */
function drawLine(canvas, stroke, from, to) {
  const { width, height } = canvas;
  const { soft, erase } = stroke;
  const radius = stroke.radius * Math.max(width, height);
  const [x0, y0] = [from[0] * width, from[1] * height];
  const [x1, y1] = [to[0] * width, to[1] * height];
  const context = canvas.getContext("2d");
  context.globalCompositeOperation = erase ? "destination-out" : "source-over";
  const steps = Math.ceil(Math.hypot(x1 - x0, y1 - y0) / (SPACING * radius)) || 1;
  for (let i = 1; i <= steps; i++) {
    const x = x0 + ((x1 - x0) * i) / steps;
    const y = y0 + ((y1 - y0) * i) / steps;
    const gradient = context.createRadialGradient(x, y, radius * (1 - soft), x, y, radius);
    gradient.addColorStop(0, "#000f");
    gradient.addColorStop(1, "#0000");
    context.fillStyle = gradient;
    context.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
  }
}
