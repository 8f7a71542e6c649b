// The picture size in a .tflite file. LiteRT.js runs a network only at the size that its
// file states, so another size is written into the file.

const SHAPE = 0; // numbers of fields in the tables of TFLite's schema
const SHAPE_SIGNATURE = 7;
const [SUBGRAPHS, TENSORS, INPUTS, OUTPUTS] = [2, 0, 1, 2];

/**
 * Returns a copy of a .tflite file with a new picture size.
 *
 * Only the shapes of the graph's inputs and outputs are overwritten: LiteRT derives all
 * other shapes from them.
 *
 * @param {Uint8Array} file a network for pictures (1, height, width, 3) of variable size
 * @returns {Uint8Array}
 * @throws {Error} the file is not such a network
 */
export function resize(file, height, width) {
  const copy = file.slice();
  let resized = 0;
  try {
    const tables = new Flatbuffer(copy);
    const graph = tables.vector(tables.root, SUBGRAPHS).table(0);
    const tensors = tables.vector(graph, TENSORS);
    for (const side of [INPUTS, OUTPUTS]) {
      const indices = tables.vector(graph, side);
      for (let i = 0; i < indices.length; i++) {
        const tensor = tensors.table(indices.get(i));
        for (const field of [SHAPE, SHAPE_SIGNATURE]) {
          const shape = tables.vector(tensor, field);
          shape.set(0, 1);
          if (shape.length !== 4) continue; // style_weights has two dimensions
          shape.set(1, height);
          shape.set(2, width);
          resized++;
        }
      }
    }
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
    resized = 0;
  }
  if (resized < 4) {
    throw new Error(
      "The model is not a .tflite file of variable picture size. Make it with fast-style export.",
    );
  }
  return copy;
}

/** Reads as much of FlatBuffers' format as tensors' shapes need; a table is its offset. */
class Flatbuffer {
  constructor(bytes) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const name = String.fromCharCode(...bytes.subarray(4, 8));
    if (name !== "TFL3") throw new RangeError(name);
    this.root = this.follow(0);
  }

  int(at) {
    return this.view.getInt32(at, true);
  }

  follow(at) {
    return at + this.view.getUint32(at, true);
  }

  /** Returns the vector in a table's field, or undefined if the table has no such field. */
  vector(table, field) {
    const fields = table - this.int(table); // the table's list of fields
    const entry = 4 + 2 * field;
    if (entry >= this.view.getUint16(fields, true)) return undefined;
    const offset = this.view.getUint16(fields + entry, true);
    if (!offset) return undefined;
    const at = this.follow(table + offset);
    return {
      length: this.int(at),
      get: (index) => this.int(at + 4 + 4 * index),
      set: (index, value) => this.view.setInt32(at + 4 + 4 * index, value, true),
      table: (index) => this.follow(at + 4 + 4 * index),
    };
  }
}
