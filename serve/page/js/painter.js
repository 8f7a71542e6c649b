// When to paint what: a preview while a setting changes, the whole picture at rest.
//
// One job is under way at most. A newer wish replaces the one that waits, so nothing
// queues; a whole picture under way is given up for a preview, while a preview is let
// finish, or nothing would show as long as a slider moves.

const REST = 400; // ms without a change before the whole picture is painted

export class Painter {
  #wish = null; // "preview" or "whole", with the time of the change
  #running = null; // the job's wish and its AbortController
  #timer = 0;

  /**
   * @param {function({preview: boolean, began: number}, AbortSignal): Promise} paint
   *   paints and shows the setting as it is then
   * @param {function(boolean)} busy told when work begins and when all is done
   * @param {function(Error)} fail told why a job failed
   */
  constructor({ paint, busy, fail }) {
    Object.assign(this, { paint, busy, fail });
  }

  /** Notes that what is to be painted has changed. */
  changed(began = performance.now()) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#want({ preview: false, began }), REST);
    if (this.#running && !this.#running.preview) this.#running.control.abort();
    this.#want({ preview: true, began });
  }

  /** Gives up all there is to do. */
  stop() {
    clearTimeout(this.#timer);
    this.#wish = null;
    this.#running?.control.abort();
    this.busy(false);
  }

  #want(wish) {
    this.#wish = wish;
    if (!this.#running) this.#work();
  }

  async #work() {
    this.busy(true);
    let waits = true;
    while (this.#wish) {
      const wish = this.#wish;
      const control = new AbortController();
      this.#wish = null;
      this.#running = { preview: wish.preview, control };
      waits = wish.preview;
      try {
        await this.paint(wish, control.signal);
      } catch (error) {
        if (error.name !== "AbortError") {
          this.fail(error);
          if (!this.#wish) clearTimeout(this.#timer);
          waits = false;
        }
      }
      this.#running = null;
    }
    // Between a preview and the whole picture it is not done yet.
    if (!waits) this.busy(false);
  }
}
