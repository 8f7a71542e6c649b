// The shapes in a .tflite file. LiteRT.js runs a network only at the shapes that its file
// states, so others are written into the file.

import { say } from "../words.js";

// Numbers of fields in the tables of TFLite's schema.
const [SUBGRAPHS, SIGNATURES] = [2, 7]; // of the model
const [INPUTS, OUTPUTS, NAME, SUBGRAPH] = [0, 1, 2, 4]; // of a signature
const [TENSOR_NAME, TENSOR_INDEX] = [0, 1]; // of its inputs and outputs
const TENSORS = 0; // of a subgraph
const [SHAPE, SHAPE_SIGNATURE] = [0, 7]; // of a tensor

/**
 * Returns the names of a file's signatures.
 *
 * @param {Uint8Array} file
 * @throws {Error} it is no .tflite file
 */
export function signaturesOf(file) {
  return read(() => [...signatures(new Flatbuffer(file)).keys()]);
}

/**
 * Returns a copy of a .tflite file with other shapes of a signature's inputs and outputs.
 *
 * LiteRT derives all other shapes from them.
 *
 * @param {Uint8Array} file
 * @param {string} signature
 * @param {Object<string, number[]>} shapes of inputs and outputs, by name
 * @returns {Uint8Array}
 * @throws {Error} the file is no network with such inputs and outputs
 */
export function reshape(file, signature, shapes) {
  const copy = file.slice();
  return read(() => {
    const tables = new Flatbuffer(copy);
    const table = signatures(tables).get(signature);
    if (!table) throw new RangeError(signature);
    const graph = tables.vector(tables.root, SUBGRAPHS).table(tables.number(table, SUBGRAPH));
    const tensors = tables.vector(graph, TENSORS);
    for (const side of [INPUTS, OUTPUTS]) {
      const ends = tables.vector(table, side);
      for (let i = 0; i < ends.length; i++) {
        const shape = shapes[tables.text(ends.table(i), TENSOR_NAME)];
        if (!shape) continue;
        const tensor = tensors.table(tables.number(ends.table(i), TENSOR_INDEX));
        for (const field of [SHAPE, SHAPE_SIGNATURE]) tables.write(tensor, field, shape);
      }
    }
    return copy;
  });
}

function signatures(tables) {
  const vector = tables.vector(tables.root, SIGNATURES);
  const all = Array.from({ length: vector.length }, (_, i) => vector.table(i));
  return new Map(all.map((table) => [tables.text(table, NAME), table]));
}

/** Calls a function that reads a file, and tells its errors in one sentence. */
function read(job) {
  try {
    return job();
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
    throw new Error(
      say("browser.fixed"),
    );
  }
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

  /** Returns where a table has a field, or 0 if it has none. */
  place(table, field) {
    const fields = table - this.int(table); // the table's list of fields
    const entry = 4 + 2 * field;
    if (entry >= this.view.getUint16(fields, true)) return 0;
    const offset = this.view.getUint16(fields + entry, true);
    return offset && table + offset;
  }

  /** Returns a field that is a number. */
  number(table, field) {
    const at = this.place(table, field);
    return at && this.int(at);
  }

  /** Returns a field that is a text. */
  text(table, field) {
    const at = this.follow(this.place(table, field));
    const letters = new Uint8Array(this.view.buffer, this.view.byteOffset + at + 4, this.int(at));
    return new TextDecoder().decode(letters);
  }

  /** Returns a field that is a vector of tables or of numbers. */
  vector(table, field) {
    const at = this.follow(this.place(table, field));
    return {
      length: this.int(at),
      table: (index) => this.follow(at + 4 + 4 * index),
      set: (index, value) => this.view.setInt32(at + 4 + 4 * index, value, true),
    };
  }

  /** Overwrites a vector of numbers, if the table has it, by one of the same length. */
  write(table, field, values) {
    if (!this.place(table, field)) return;
    const vector = this.vector(table, field);
    if (vector.length !== values.length) throw new RangeError(values);
    values.forEach((value, index) => vector.set(index, value));
  }
}
