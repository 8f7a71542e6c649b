// Taking the result away: its dialog with size, format and dots an inch.

import { atServer } from "../backends.js";
import { find, make } from "../dom.js";
import { download, encodeImage } from "../download.js";
import { get } from "../http.js";
import * as messages from "../messages.js";
import { exceedsLimits, sides } from "../picture.js";
import { currentJob } from "../saving.js";
import { state } from "../state.js";
import { say, sayNumber } from "../words.js";

const PAUSE = 500; // ms between two looks at the progress
const INCH = 2.54; // cm

const dialog = find("#take-dialog");
const format = find("#take-format");
const length = find("#take-length");
const unit = find("#take-unit");
const dots = find("#take-dpi");
const text = find("#take-state");
const bar = find("#take-bar");
const begin = find("#take-begin");

let controller = null; // of the painting that is under way

export function start() {
  find("#take").addEventListener("click", open);
  find("#take-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => controller?.abort());
  for (const control of [length, dots]) control.addEventListener("input", show);
  length.addEventListener("change", correct);
  unit.addEventListener("change", changeUnit);
  begin.addEventListener("click", take);
}

function open() {
  const { info } = state;
  const names = encodesHere() ? info.formats : info.file_formats;
  const option = (value) => {
    const disabled = !names.includes(value);
    return make("option", { value, disabled }, say(`format.${value}`));
  };
  const chosen = format.value || find("#format").value;
  format.replaceChildren(...info.file_formats.map(option));
  format.value = names.includes(chosen) ? chosen : names[0];
  unit.disabled = dots.disabled = encodesHere();
  [unit.value, length.value, length.step] = ["px", limit(), 1];
  show();
  dialog.showModal();
}

/** Returns whether this browser encodes the file, which then names no dots an inch. */
function encodesHere() {
  return !state.backend.encode;
}

/** Returns the longest side that there is, px. */
function limit() {
  return Math.min(state.info.max_size, state.picture.longer);
}

/** Returns the longer side of the file in px, its dots an inch, and the px asked for. */
function wish() {
  const { info } = state;
  const dpi = Math.max(1, Number(dots.value));
  const inCm = unit.value === "cm";
  const inches = Number(length.value) / INCH;
  const px = Math.round(inCm ? inches * dpi : Number(length.value));
  const size = Math.max(info.min_size, Math.min(limit(), px));
  return { size, dpi: inCm && inches ? Math.min(dpi, size / inches) : dpi, px };
}

/** Writes the length that the file has, where another one was asked for in px. */
function correct() {
  if (unit.value === "px") length.value = wish().size;
}

/** Keeps the length when it is told in the other unit. */
function changeUnit() {
  const dpi = Math.max(1, Number(dots.value));
  const inCm = unit.value === "cm";
  const value = inCm ? (length.value / dpi) * INCH : (length.value / INCH) * dpi;
  length.value = inCm ? value.toFixed(1) : Math.min(limit(), Math.round(value));
  length.step = inCm ? 0.1 : 1;
  show();
}

/** Shows what the file will be. */
function show() {
  const { size, dpi, px } = wish();
  const [width, height] = sides(state.picture, size);
  const cm = (px) => sayNumber((px / dpi) * INCH, 1);
  const values = { width, height, across: cm(width), down: cm(height), dpi: Math.round(dpi) };
  const here = encodesHere();
  find("#take-size").textContent = say(here ? "take.pixels" : "take.size", values);
  const hints = [here && say("take.here"), px > size && say(limitedBy(), { size })];
  if (px < size) hints.push(say("take.least", { size }));
  find("#take-hint").textContent = hints.filter(Boolean).join(" ");
}

/** Returns the name of the words on what bounds the longer side. */
function limitedBy() {
  return state.info.max_size < state.picture.longer ? "take.server" : "take.photo";
}

async function take() {
  const { size, dpi } = wish();
  begin.disabled = true;
  bar.hidden = false;
  bar.removeAttribute("value");
  text.textContent = say("download.painting");
  controller = new AbortController();
  try {
    // What is on the screen has another size, and no dots an inch.
    const job = { ...currentJob(), size, format: format.value, shown: null };
    if (!encodesHere()) job.backend = await printer(dpi, controller.signal);
    const { name } = await download(job);
    dialog.close();
    if (job.backend.isPlain) messages.show(say("take.plain", { name }));
  } catch (error) {
    text.textContent = error.name === "AbortError" ? "" : error.message;
  }
  controller = null;
  begin.disabled = false;
  bar.hidden = true;
  if (!dialog.open) text.textContent = "";
}

/**
 * Returns a backend that tells its progress, can be stopped, and writes dots an inch, also
 * into a file that this page has made; `isPlain` says that the server would not take that.
 */
async function printer(dpi, signal) {
  const server = await atServer();
  const fields = { dpi: dpi.toFixed(1) };
  const backend = {
    isPlain: false,
    async encode(from, settings, format) {
      const ticket = randomDigits();
      const following = follow(ticket, signal);
      const options = { fields: { ...fields, ticket }, signal };
      try {
        return await server.encode(from, settings, format, options);
      } finally {
        following.stop();
      }
    },
    async write(image, format, picture) {
      const { width, height } = image;
      const file = new File([await encodeImage(image, "png", picture)], picture.name);
      if (exceedsLimits({ file, width, height }, state.info)) {
        backend.isPlain = true;
        return writePlain(image, format, picture);
      }
      const size = Math.min(state.info.max_size, Math.max(width, height));
      return server.convert(file, size, format, { fields, signal, once: true });
    },
  };
  return backend;
}

/** Encodes an image here, without dots an inch. */
function writePlain(image, format, picture) {
  if (state.info.formats.includes(format)) return encodeImage(image, format, picture);
  throw new Error(say("take.large", { format: say(`format.${format}`) }));
}

/** Shows how many tiles are painted, until `stop` is called. */
function follow(ticket, signal) {
  const timer = setInterval(async () => {
    try {
      const { done, of } = await get(`api/progress/${ticket}`, "json");
      if (of && !signal.aborted) [bar.max, bar.value] = [of, done];
    } catch {
      // It has not begun, or another copy of the server paints.
    }
  }, PAUSE);
  return { stop: () => clearInterval(timer) };
}

function randomDigits() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
