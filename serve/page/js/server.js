// The backend that has the server paint.

import { unreadable } from "./picture.js";
import { NO_COLOR, styleText } from "./settings.js";

const ATTEMPTS = 4;
const LONGEST_WAIT = 5; // seconds
const UNREACHABLE = "The server does not answer. Is it still running? Try again.";

export async function create() {
  return { paint, encode };
}

/** Fetches a file of the server, as "json" or as "blob". */
export async function get(path, type) {
  const response = await send(path);
  if (!response.ok) throw await errorOf(response);
  try {
    return await response[type]();
  } catch {
    throw new Error(UNREACHABLE);
  }
}

/** Converts a file that the browser cannot read: paints it at strength 0. */
export async function decode(file, size) {
  const settings = { styles: {}, strength: 0, fade: null, keepColor: NO_COLOR };
  try {
    return await encode({ file, size }, settings, "png");
  } catch (error) {
    if (error.status === 415) throw unreadable(file.name);
    throw error;
  }
}

async function paint(source, settings, signal) {
  const format = source.opaque ? "jpeg" : "png";
  const response = await stylize(source, settings, format, signal);
  const image = await createImageBitmap(await response.blob());
  return { image, ms: paintingTime(response) };
}

/** Paints into a Blob of a format: "jpeg", "png" or "webp". */
async function encode(source, settings, format, signal) {
  return (await stylize(source, settings, format, signal)).blob();
}

async function stylize(source, settings, format, signal) {
  const form = new FormData();
  form.append("image", source.file, "picture");
  if (Object.keys(settings.styles).length) {
    form.append("styles", styleText(settings.styles));
  }
  form.append("strength", settings.strength);
  if (settings.fade) form.append("fade", settings.fade);
  form.append("keep_color", settings.keepColor);
  form.append("size", source.size);
  form.append("format", format);
  for (let attempt = 1; ; attempt++) {
    const response = await send("api/stylize", { method: "POST", body: form, signal });
    if (response.ok) return response;
    if (response.status !== 503 || attempt === ATTEMPTS) throw await errorOf(response);
    await pause(response.headers.get("Retry-After"), signal);
  }
}

async function send(path, options) {
  try {
    return await fetch(path, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error(UNREACHABLE);
  }
}

async function errorOf(response) {
  let text = `The server answered ${response.status}. Try again.`;
  try {
    text = (await response.json()).error || text;
  } catch {
    // A proxy answered with a page of its own.
  }
  return Object.assign(new Error(text), { status: response.status });
}

function pause(seconds, signal) {
  const wait = 1000 * Math.min(Number(seconds) || 1, LONGEST_WAIT);
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, wait);
    signal?.addEventListener("abort", stop, { once: true });
  });
}

function paintingTime(response) {
  const [, ms] = /dur=([\d.]+)/.exec(response.headers.get("Server-Timing")) ?? [];
  return Number(ms);
}
