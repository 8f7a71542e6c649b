// When to paint: a preview while a setting changes, the whole picture at rest.
//
// At most one job runs. A newer job replaces the one that waits, so no queue builds up.
// A whole picture is abandoned for a preview. A preview is always finished, because
// otherwise nothing would appear while a slider moves.

const REST = 300; // ms after a preview without a change, before the whole picture
const FIRST_WAIT = 2_000; // ms, before what failed is painted again; then twice as long
const LONGEST_WAIT = 15_000;

export class Scheduler {
  #next = null; // the job that waits: {preview, start}
  #running = null; // the job that runs: {preview, controller}
  #timer = 0;
  #waiting = []; // called when changes rest
  #wait = FIRST_WAIT;
  #failed = false;

  /**
   * @param {function({preview: boolean, start: number}, AbortSignal): Promise} paint
   *   paints and shows the current settings; `start` is the time of the change
   * @param {function(boolean)} onBusy called when work begins and when all is done
   * @param {function(Error)} onError called when a job fails; where its error is marked
   *   as `away`, the job is tried again later
   */
  constructor({ paint, onBusy, onError }) {
    Object.assign(this, { paint, onBusy, onError });
  }

  /** Schedules a preview after a change, and the whole picture when changes rest. */
  changed(start = performance.now()) {
    clearTimeout(this.#timer);
    if (this.#running && !this.#running.preview) this.#running.controller.abort();
    this.#enqueue({ preview: true, start });
  }

  /** Returns a promise of the time when no setting changes and no preview is painted. */
  rested() {
    const changes = this.#running?.preview || this.#next?.preview || this.#timer;
    return changes ? new Promise((resolve) => this.#waiting.push(resolve)) : null;
  }

  /** Tries at once what failed, if the latest job did. */
  retry() {
    if (this.#failed) this.changed();
  }

  /** Abandons all jobs. */
  stop() {
    clearTimeout(this.#timer);
    this.#settle();
    this.#next = null;
    this.#failed = false;
    this.#running?.controller.abort();
    this.onBusy(false);
  }

  #enqueue(job) {
    this.#next = job;
    if (!this.#running) this.#work();
  }

  async #work() {
    this.onBusy(true);
    let unfinished = true; // the whole picture still follows
    while (this.#next) {
      const job = this.#next;
      const controller = new AbortController();
      this.#next = null;
      this.#running = { preview: job.preview, controller };
      unfinished = job.preview;
      try {
        await this.paint(job, controller.signal);
        [this.#failed, this.#wait] = [false, FIRST_WAIT];
        const isLast = !this.#next && !controller.signal.aborted;
        if (job.preview && isLast) this.#rest(job.start);
      } catch (error) {
        if (error.name !== "AbortError") {
          this.#fail(error);
          unfinished = false;
        }
      }
      this.#running = null;
    }
    if (!unfinished) this.onBusy(false);
  }

  /** Schedules the whole picture after the preview of a change at `start`. */
  #rest(start) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#settle();
      this.#enqueue({ preview: false, start });
    }, REST);
  }

  #settle() {
    this.#timer = 0;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #fail(error) {
    this.#failed = true;
    this.onError(error);
    if (this.#next) return;
    clearTimeout(this.#timer);
    this.#settle();
    if (!error.away) return;
    this.#timer = setTimeout(() => this.changed(), this.#wait);
    this.#wait = Math.min(2 * this.#wait, LONGEST_WAIT);
  }
}
