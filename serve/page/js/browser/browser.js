// Paints in this browser, by the server's own .tflite file; the picture goes nowhere.

/**
 * Makes the backend.
 *
 * @param info what GET /api/styles gives, `browser` not null
 */
export async function create(info) {
  return new Browser(info.browser);
}

class Browser {
  #worker;
  #turn = Promise.resolve();

  constructor({ model, rows }) {
    this.model = new URL(model, location.href).href;
    this.rows = rows;
  }

  /**
   * Paints a picture; one after another, and those given up meanwhile not at all.
   *
   * @param source {pixels(): Promise<ImageData>}
   * @param settings {styles, strength, fade, keepColor}
   * @param {AbortSignal} [signal]
   * @returns {Promise<{image: ImageData, ms: number}>}
   */
  async paint(source, settings, signal) {
    const before = this.#turn;
    let done;
    this.#turn = new Promise((resolve) => (done = resolve));
    try {
      await before;
      signal?.throwIfAborted();
      const image = await source.pixels();
      signal?.throwIfAborted();
      return await this.#run(image, settings, signal);
    } finally {
      done();
    }
  }

  #run(image, settings, signal) {
    this.#worker ??= new Worker(new URL("worker.js", import.meta.url));
    const worker = this.#worker;
    const { model, rows } = this;
    return new Promise((resolve, reject) => {
      const fail = (message) => {
        this.#stop();
        reject(new Error(`This browser cannot paint it: ${message}`));
      };
      worker.onmessage = ({ data }) => (data.error ? fail(data.error) : resolve(data));
      worker.onerror = (event) => fail(event.message ?? "the worker failed.");
      worker.postMessage({ model, rows, image, settings });
    });
  }

  #stop() {
    this.#worker?.terminate();
    this.#worker = undefined;
  }
}
