// The backend that has the server paint.

import { styleText } from "./settings.js";

const TRIES = 4;
const LONGEST_WAIT = 5; // seconds

export async function create() {
  return { paint, encode };
}

async function paint(source, settings, signal) {
  const format = source.opaque ? "jpeg" : "png";
  const response = await ask(source, settings, format, signal);
  const image = await createImageBitmap(await response.blob());
  return { image, ms: took(response) };
}

/** Paints into a file of a format: "jpeg", "png" or "webp". */
async function encode(source, settings, format, signal) {
  return (await ask(source, settings, format, signal)).blob();
}

async function ask(source, settings, format, signal) {
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
    const response = await send(form, signal);
    if (response.ok) return response;
    if (response.status !== 503 || attempt === TRIES) throw await told(response);
    await pause(response.headers.get("Retry-After"), signal);
  }
}

async function send(form, signal) {
  try {
    return await fetch("api/stylize", { method: "POST", body: form, signal });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error("The server does not answer. Is it still running? Try again.");
  }
}

async function told(response) {
  let text = `The server answered ${response.status}. Try again.`;
  try {
    text = (await response.json()).error || text;
  } catch {
    // A proxy's own page.
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

function took(response) {
  const [, ms] = /dur=([\d.]+)/.exec(response.headers.get("Server-Timing")) ?? [];
  return Number(ms);
}
