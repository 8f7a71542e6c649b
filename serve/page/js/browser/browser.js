// The backend that paints in this browser: no picture leaves it.

import { language, say } from "../words.js";

const IDLE = 10_000; // ms; a network never gives back the memory of its largest picture

/**
 * Makes the backend with its network loaded.
 *
 * @param info the answer of GET /api/styles, with its `browser`
 * @param {function(number)} onProgress called with the share of a large picture that is
 *   painted
 * @param {number} idle ms without a whole picture, after which their worker ends
 */
export async function create(info, onProgress = () => {}, idle = IDLE) {
  // LiteRT compiles the network for one size at a time, so previews keep a worker of
  // their own; it also stays warm when a whole picture is abandoned.
  const preview = new StylizerWorker(info);
  const whole = new StylizerWorker(info, idle, onProgress);
  const { files } = await preview.ask({});
  return {
    /** The addresses of the files that were loaded to paint. */
    files,

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

    /** Paints a picture in each style, as server.js does. */
    async paintLooks(source, names, show, rested, signal) {
      const look = { strength: 1, fade: null, keepColor: "none", stroke: 1 };
      for (const name of names) {
        signal?.throwIfAborted();
        const { image } = await preview.paint(source, { ...look, styles: { [name]: 1 } });
        const bitmap = await createImageBitmap(image);
        show(name, bitmap);
        bitmap.close();
        await rested();
      }
    },

    /** Ends the workers, which frees their memory. */
    close() {
      for (const worker of [preview, whole]) worker.close();
    },
  };
}

/** A worker with a network, which paints one picture after another. */
class StylizerWorker {
  #worker = null;
  #queue = Promise.resolve();
  #stop = null; // ends the job that runs, with a reason
  #timer = 0;

  /** @param {number} idle ms without a job, after which the worker ends */
  constructor(info, idle = Infinity, onProgress = () => {}) {
    const { model, rows, photo_row: photoRow, tiling } = info.browser;
    const { stroke: strokes, min_size: minSize } = info;
    const url = new URL(model, location.href).href;
    this.model = { url, rows, photoRow, tiling, strokes, minSize };
    this.idle = idle;
    this.onProgress = onProgress;
  }

  /** Ends the worker; the next job starts a new one. */
  close() {
    clearTimeout(this.#timer);
    this.#stop?.(new DOMException("", "AbortError"));
    this.#worker?.terminate();
    this.#worker = null;
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

  #isLarge(image) {
    return image && image.width * image.height > this.model.tiling.largest_whole;
  }

  /** Sends a job to the worker; an empty one loads the network. */
  ask(job, signal) {
    clearTimeout(this.#timer);
    this.#worker ??= new Worker(new URL("worker.js", import.meta.url), { name: language });
    const worker = this.#worker;
    return new Promise((resolve, reject) => {
      const leave = () => {
        signal?.removeEventListener("abort", abort);
        this.#stop = null;
      };
      // A running or failed network can only be stopped together with its worker.
      const stop = (this.#stop = (reason) => {
        leave();
        this.close();
        reject(reason);
      });
      const abort = () => stop(signal.reason);
      signal?.addEventListener("abort", abort);
      worker.onmessage = ({ data }) => {
        if (data.progress) return this.onProgress(data.progress);
        if (data.error) return stop(new Error(data.error));
        leave();
        if (this.#isLarge(data.image)) this.close(); // or its memory is held beside the result
        else if (this.idle < Infinity) this.#timer = setTimeout(() => this.close(), this.idle);
        resolve(data);
      };
      worker.onerror = () => {
        stop(new Error(say("browser.unloaded")));
      };
      const moved = job.image ? [job.image.data.buffer] : []; // a copy would take memory
      worker.postMessage({ model: this.model, ...job }, moved);
    });
  }
}
