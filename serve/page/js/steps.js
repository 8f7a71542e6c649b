// The steps back and forth through earlier settings.

const MOST = 200; // steps
const PAUSE = 1000; // ms, after which a slider's next move is a step of its own

export class Steps {
  #past = [];
  #future = [];
  #present;
  #group = null;
  #time = 0;

  /** @param {object} present the first setting; none is changed once it is given */
  constructor(present) {
    this.#present = present;
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#future.length > 0;
  }

  /**
   * Notes a new setting. Those that follow each other within a second in one group, such
   * as the moves of one slider, are one step.
   *
   * @param {object} setting
   * @param {?string} group null for a step of its own
   * @param {number} time in ms
   */
  note(setting, group = null, time = performance.now()) {
    if (same(setting, this.#present)) return;
    const goesOn = group !== null && group === this.#group && time - this.#time < PAUSE;
    if (!goesOn) this.#past.push(this.#present);
    if (this.#past.length > MOST) this.#past.shift();
    this.#future = [];
    [this.#present, this.#group, this.#time] = [setting, group, time];
  }

  /** Goes back one step, and returns that setting. */
  undo() {
    return this.#go(this.#past, this.#future);
  }

  /** Goes forth one step that was undone, and returns that setting. */
  redo() {
    return this.#go(this.#future, this.#past);
  }

  #go(from, to) {
    if (!from.length) return this.#present;
    to.push(this.#present);
    this.#group = null;
    return (this.#present = from.pop());
  }
}

function same(one, other) {
  const equals = (name) => {
    if (one[name] === other[name]) return true;
    const isFile = one[name] instanceof Blob; // which JSON does not tell from another
    return !isFile && JSON.stringify(one[name]) === JSON.stringify(other[name]);
  };
  return Object.keys(one).every(equals);
}
