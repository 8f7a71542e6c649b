// Faces in a picture, where the browser finds them.

const ROOM = 0.75; // the radius of a circle around a face, as a share of its box's longer side

/** Returns whether this browser can find faces. */
export function canFind() {
  return "FaceDetector" in self;
}

/**
 * Finds faces.
 *
 * @param {ImageBitmap} image
 * @returns {Promise<number[][]>} of each the place of its middle, as shares of width and
 *   height, and a radius around it, as a share of the longer side
 */
export async function findFaces(image) {
  const faces = await new FaceDetector({ maxDetectedFaces: 50 }).detect(image);
  const { width, height } = image;
  return faces.map(({ boundingBox: box }) => [
    (box.x + box.width / 2) / width,
    (box.y + box.height / 2) / height,
    (ROOM * Math.max(box.width, box.height)) / Math.max(width, height),
  ]);
}
