// The sizes in a .tflite file: LiteRT.js runs a network at the size that its file names.

const SHAPE = 0; // fields of the schema's tables, by number
const SHAPE_SIGNATURE = 7;
const [SUBGRAPHS, TENSORS, INPUTS, OUTPUTS] = [2, 0, 1, 2];

/**
 * Gives a copy of a .tflite file whose pictures have this size.
 *
 * The shapes of the subgraph's inputs and outputs are overwritten where they lie; LiteRT
 * derives all others from them.
 *
 * @param {Uint8Array} file a network of pictures (1, height, width, 3) of a free size
 * @returns {Uint8Array}
 * @throws {Error} it is no such file
 */
export function resize(file, height, width) {
  const copy = file.slice();
  let resized = 0;
  try {
    const tables = new Flatbuffer(copy);
    const graph = tables.vector(tables.root, SUBGRAPHS).table(0);
    const tensors = tables.vector(graph, TENSORS);
    for (const ends of [INPUTS, OUTPUTS]) {
      const indices = tables.vector(graph, ends);
      for (let i = 0; i < indices.length; i++) {
        const tensor = tensors.table(indices.get(i));
        for (const field of [SHAPE, SHAPE_SIGNATURE]) {
          const shape = tables.vector(tensor, field);
          shape.set(0, 1);
          if (shape.length !== 4) continue; // style_weights has two
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
    throw new Error("The model is no .tflite file of free size. Make it with export.py.");
  }
  return copy;
}

/** What of FlatBuffers' format leads to a tensor's shape; tables are their offsets. */
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

  /** The vector in a table's field, or undefined where the field is left out. */
  vector(table, field) {
    const known = table - this.int(table); // the table's list of fields
    const entry = 4 + 2 * field;
    if (entry >= this.view.getUint16(known, true)) return undefined;
    const offset = this.view.getUint16(known + entry, true);
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
