// Keeping a photograph's own colours: what fast_style/color.py does, with its names.
// Pictures are Uint8ClampedArray, RGB; it rounds and clips as numpy's rint and clip do.

const LUMA = [0.299, 0.587, 0.114];
const LEAST_VARIANCE = 1; // squared grey levels

/** The photo's colours under the stylised brightness. */
export function keepLuminance(photo, stylized) {
  const result = new Uint8ClampedArray(photo.length);
  for (let i = 0; i < photo.length; i += 3) {
    let change = 0;
    for (let c = 0; c < 3; c++) change += LUMA[c] * (stylized[i + c] - photo[i + c]);
    for (let c = 0; c < 3; c++) result[i + c] = photo[i + c] + change;
  }
  return result;
}

/** The stylised colours, moved to the photo's mean and covariance. */
export function keepHistogram(photo, stylized) {
  const goal = statistics(photo);
  const own = statistics(stylized);
  const grow = ofSymmetric(goal.covariance, (x) => Math.sqrt(Math.max(x, 0)));
  const shrink = ofSymmetric(
    own.covariance,
    (x) => 1 / Math.sqrt(Math.max(x, LEAST_VARIANCE)),
  );
  const matrix = multiply(shrink, grow);
  const result = new Uint8ClampedArray(stylized.length);
  for (let i = 0; i < stylized.length; i += 3) {
    for (let c = 0; c < 3; c++) {
      let value = goal.mean[c];
      for (let k = 0; k < 3; k++) value += (stylized[i + k] - own.mean[k]) * matrix[k][c];
      result[i + c] = value;
    }
  }
  return result;
}

/** The stylised picture over the photo, as through glass. */
export function fade(photo, stylized, strength) {
  return photo.map((value, i) => value + strength * (stylized[i] - value));
}

/**
 * A function of a symmetric 3x3 matrix: that of its eigenvalues, its axes kept.
 *
 * By Jacobi's rotations, each of which clears one place beside the diagonal.
 */
export function ofSymmetric(matrix, f) {
  let values = matrix;
  let vectors = [0, 1, 2].map((i) => [0, 1, 2].map((j) => Number(i === j)));
  for (let sweep = 0; sweep < 12; sweep++) {
    for (const [p, q] of [[0, 1], [0, 2], [1, 2]]) {
      const angle = Math.atan2(2 * values[p][q], values[q][q] - values[p][p]) / 2;
      const turn = [0, 1, 2].map((i) => [0, 1, 2].map((j) => Number(i === j)));
      turn[p][p] = turn[q][q] = Math.cos(angle);
      turn[p][q] = Math.sin(angle);
      turn[q][p] = -turn[p][q];
      values = multiply(multiply(transpose(turn), values), turn);
      vectors = multiply(vectors, turn);
    }
  }
  const scaled = vectors.map((row) => row.map((x, j) => x * f(values[j][j])));
  return multiply(scaled, transpose(vectors));
}

function statistics(pixels) {
  const count = pixels.length / 3;
  const mean = [0, 0, 0];
  for (let i = 0; i < pixels.length; i++) mean[i % 3] += pixels[i] / count;
  const covariance = [[0, 0, 0], [0, 0, 0], [0, 0, 0]];
  for (let i = 0; i < pixels.length; i += 3) {
    for (let r = 0; r < 3; r++) {
      for (let c = 0; c < 3; c++) {
        covariance[r][c] +=
          ((pixels[i + r] - mean[r]) * (pixels[i + c] - mean[c])) / count;
      }
    }
  }
  return { mean, covariance };
}

function multiply(a, b) {
  return a.map((row) => b[0].map((_, j) => row.reduce((sum, x, k) => sum + x * b[k][j], 0)));
}

function transpose(matrix) {
  return matrix[0].map((_, j) => matrix.map((row) => row[j]));
}
