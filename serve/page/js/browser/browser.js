// Paints in this browser, by the server's own .tflite file; the picture goes nowhere.

/**
 * Makes the backend, its network loaded.
 *
 * @param info what GET /api/styles gives, with `browser`
 */
export async function create(info) {
  // One for each size at a time; giving up a whole picture keeps the previews quick.
  const preview = new Painter(info.browser);
  const whole = new Painter(info.browser);
  await preview.ask({});
  return {
    /**
     * Paints a picture.
     *
     * @param source {pixels(): Promise<ImageData>, preview: boolean}
     * @param settings {styles: {name: weight}, strength, fade, keepColor}
     * @param {AbortSignal} [signal]
     * @returns {Promise<{image: ImageData, ms: number}>}
     */
    paint(source, settings, signal) {
      return (source.preview ? preview : whole).paint(source, settings, signal);
    },
  };
}

/** A worker with the network in it, that paints one picture after another. */
class Painter {
  #worker = null;
  #turn = Promise.resolve();

  constructor({ model, rows }) {
    this.network = { model: new URL(model, location.href).href, rows };
  }

  paint(source, settings, signal) {
    const turn = this.#turn.then(async () => {
      signal?.throwIfAborted();
      const image = await source.pixels();
      signal?.throwIfAborted();
      return this.ask({ image, settings }, signal);
    });
    this.#turn = turn.catch(() => {});
    return turn;
  }

  ask(job, signal) {
    this.#worker ??= new Worker(new URL("worker.js", import.meta.url));
    const worker = this.#worker;
    return new Promise((resolve, reject) => {
      // What runs in a worker, or failed there, goes with it alone.
      const stop = (reason) => {
        signal?.removeEventListener("abort", abort);
        worker.terminate();
        this.#worker = null;
        reject(reason);
      };
      const abort = () => stop(signal.reason);
      signal?.addEventListener("abort", abort);
      worker.onmessage = ({ data }) => {
        if (data.error) return stop(new Error(data.error));
        signal?.removeEventListener("abort", abort);
        resolve(data);
      };
      worker.onerror = () => {
        stop(new Error("This browser cannot start the painter. Paint at the server."));
      };
      worker.postMessage({ ...this.network, ...job });
    });
  }
}
