// The backend that paints in this browser: no picture leaves it.

/**
 * Makes the backend with its network loaded.
 *
 * @param info the answer of GET /api/styles, with its `browser`
 */
export async function create(info) {
  // LiteRT compiles the network for one size at a time, so previews keep a worker of
  // their own; it also stays warm when a whole picture is abandoned.
  const preview = new StylizerWorker(info.browser);
  const whole = new StylizerWorker(info.browser);
  await preview.ask({});
  return {
    /**
     * Paints a picture.
     *
     * @param source {pixels(): Promise<ImageData>, preview: boolean}
     * @param settings see settings.js
     * @param {AbortSignal} [signal]
     * @returns {Promise<{image: ImageData, ms: number}>}
     */
    paint(source, settings, signal) {
      return (source.preview ? preview : whole).paint(source, settings, signal);
    },
  };
}

/** A worker with a network, which paints one picture after another. */
class StylizerWorker {
  #worker = null;
  #queue = Promise.resolve();

  constructor({ model, rows, photo_row: photoRow }) {
    this.network = { model: new URL(model, location.href).href, rows, photoRow };
  }

  paint(source, settings, signal) {
    const result = this.#queue.then(async () => {
      signal?.throwIfAborted();
      const image = await source.pixels();
      signal?.throwIfAborted();
      return this.ask({ image, settings }, signal);
    });
    this.#queue = result.catch(() => {});
    return result;
  }

  /** Sends a job to the worker; an empty one loads the network. */
  ask(job, signal) {
    this.#worker ??= new Worker(new URL("worker.js", import.meta.url));
    const worker = this.#worker;
    return new Promise((resolve, reject) => {
      // A running or failed network can only be stopped together with its worker.
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
        stop(new Error("This browser cannot load the network. Let the server paint."));
      };
      worker.postMessage({ ...this.network, ...job });
    });
  }
}
