// Keeping a photograph's own colours, as fast_style/color.py does and with its names.
// Pictures are RGBA in a Uint8ClampedArray, which rounds and clips like numpy's rint and
// clip. The stylized one is changed in place.

const LUMA = [0.299, 0.587, 0.114];
const LEAST_VARIANCE = 1; // squared grey levels

/** Gives the stylized picture the photo's colours, and leaves its brightness. */
export function keepLuminance(photo, stylized) {
  for (let i = 0; i < photo.length; i += 4) {
    let change = 0;
    for (let c = 0; c < 3; c++) change += LUMA[c] * (stylized[i + c] - photo[i + c]);
    for (let c = 0; c < 3; c++) stylized[i + c] = photo[i + c] + change;
  }
}

/** Gives the stylized picture the photo's mean colour and covariance. */
export function keepHistogram(photo, stylized) {
  const target = statistics(photo);
  const current = statistics(stylized);
  const stretch = mapEigenvalues(target.covariance, (x) => Math.sqrt(Math.max(x, 0)));
  const whiten = mapEigenvalues(
    current.covariance,
    (x) => 1 / Math.sqrt(Math.max(x, LEAST_VARIANCE)),
  );
  const matrix = multiply(whiten, stretch);
  for (let i = 0; i < stylized.length; i += 4) {
    const centred = current.mean.map((mean, c) => stylized[i + c] - mean);
    for (let c = 0; c < 3; c++) {
      let value = target.mean[c];
      for (let k = 0; k < 3; k++) value += centred[k] * matrix[k][c];
      stylized[i + c] = value;
    }
  }
}

/** Lays the stylized picture over the photo, with an opacity of `strength`. */
export function fade(photo, stylized, strength) {
  for (let i = 0; i < photo.length; i++) {
    stylized[i] = photo[i] + strength * (stylized[i] - photo[i]);
  }
}

/**
 * Applies a function to the eigenvalues of a symmetric 3x3 matrix.
 *
 * Jacobi's method finds them: each rotation makes one element off the diagonal zero.
 */
function mapEigenvalues(matrix, f) {
  let values = matrix;
  let vectors = [0, 1, 2].map((i) => [0, 1, 2].map((j) => Number(i === j)));
  for (let sweep = 0; sweep < 12; sweep++) {
    for (const [p, q] of [[0, 1], [0, 2], [1, 2]]) {
      const angle = Math.atan2(2 * values[p][q], values[q][q] - values[p][p]) / 2;
      const rotation = [0, 1, 2].map((i) => [0, 1, 2].map((j) => Number(i === j)));
      rotation[p][p] = rotation[q][q] = Math.cos(angle);
      rotation[p][q] = Math.sin(angle);
      rotation[q][p] = -rotation[p][q];
      values = multiply(multiply(transpose(rotation), values), rotation);
      vectors = multiply(vectors, rotation);
    }
  }
  const scaled = vectors.map((row) => row.map((x, j) => x * f(values[j][j])));
  return multiply(scaled, transpose(vectors));
}

function statistics(pixels) {
  const count = pixels.length / 4;
  const mean = [0, 0, 0];
  for (let i = 0; i < pixels.length; i += 4) {
    for (let c = 0; c < 3; c++) mean[c] += pixels[i + c] / count;
  }
  const covariance = [[0, 0, 0], [0, 0, 0], [0, 0, 0]];
  for (let i = 0; i < pixels.length; i += 4) {
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
