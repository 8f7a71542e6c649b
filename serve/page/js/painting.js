// Painting the current settings, and showing what comes of it.

import { find } from "./dom.js";
import * as mask from "./mask.js";
import * as messages from "./messages.js";
import * as pace from "./pace.js";
import * as results from "./results.js";
import { Scheduler } from "./scheduler.js";
import { reduced, toHash, total } from "./settings.js";
import * as stage from "./stage.js";
import { state, wholeSize } from "./state.js";
import * as toast from "./toast.js";
import * as video from "./video.js";
import { say } from "./words.js";

const frame = find("#frame");

let shown = {}; // the results on the stage: {image, rest, hash, preview}
let onShown = () => {};

export const scheduler = new Scheduler({
  paint,
  onBusy: setBusy,
  onError(error) {
    frame.toggleAttribute("data-stale", true);
    messages.show(shownInstead());
    messages.warn(error, "painting", error.away && (() => scheduler.retry()));
  },
});

addEventListener("online", () => scheduler.retry());

export function setBusy(busy) {
  const begins = busy && frame.getAttribute("aria-busy") === "false";
  frame.setAttribute("aria-busy", busy);
  if (begins) messages.show(say("painting.begun"), { fleeting: true });
}

/** Calls a function whenever a result is shown, with whether it is a preview. */
export function watch(listener) {
  onShown = listener;
}

/** Forgets all results and notices, for a new picture. */
export function reset() {
  shown = {};
  results.reset();
  toast.forgetNotices();
}

/** Shows the results that there are, in an area of the mask alone if one is given. */
export function showResult(area) {
  const { image, rest } = shown;
  if (!image || video.isOn()) return;
  if (!mask.isOn()) stage.showResult(image);
  else mask.show(find("#after"), image, rest ?? state.picture.bitmap, area);
}

/** Returns the whole results of the current settings, {image, rest}, or null. */
export function findWhole() {
  const { settings, picture, backend } = state;
  const job = { picture, settings, backend, size: wholeSize(), preview: false };
  const image = results.find("picture", job)?.image;
  const rest = outside();
  const restImage = rest && results.find("rest", { ...job, settings: rest })?.image;
  return image && (restImage || !rest) ? { image, rest: restImage } : null;
}

/** Tells what became of the picture's file. */
export function showNotices() {
  const { notices } = state.picture;
  if (notices.length) toast.add(notices.splice(0));
}

/** Returns the text on what is seen where painting failed. */
function shownInstead() {
  if (!shown.image) return say("painting.unpainted");
  const isCurrent = shown.hash === hashOf(state.settings, outside());
  return say(isCurrent && shown.preview ? "painting.only" : "painting.stale");
}

/** Returns the setting outside the mask; null where there is none, or the photograph. */
function outside() {
  return mask.isOn() ? state.rest : null;
}

function hashOf(settings, rest) {
  return toHash(settings, { rest, size: wholeSize() });
}

/** Paints and shows the current settings, when the scheduler asks for it. */
async function paint(next, signal) {
  const { picture, settings, backend } = state;
  if (!picture) return;
  const rest = outside();
  const preview = next.preview && !findWhole(); // undo goes back to what is there
  const size = preview ? Math.min(pace.previewSize(), wholeSize()) : wholeSize();
  const job = { picture, settings, size, preview, backend };
  const startTime = performance.now();
  if (!preview) frame.removeAttribute("data-previewed");
  const oldImages = keptImages();
  const look = (setting) => (preview ? reduced(setting, size / wholeSize()) : setting);
  const result = await results.get("picture", { ...job, settings: look(settings) }, signal);
  const restJob = { ...job, settings: rest && look(rest) };
  const restResult = rest && (await results.get("rest", restJob, signal));
  if (picture !== state.picture || video.isOn()) return;
  const hash = hashOf(settings, rest);
  shown = { image: result.image, rest: restResult?.image, hash, preview };
  showResult();
  const images = keptImages();
  for (const image of oldImages) if (!images.has(image)) image?.close?.();
  const longer = Math.max(result.image.width, result.image.height);
  frame.dataset.shown = toHash(job.settings, { rest, size: longer });
  frame.toggleAttribute("data-stale", false);
  const elapsed = performance.now() - startTime;
  const ms = result.ms + (restResult?.ms ?? 0);
  if (preview && ms && !oldImages.has(result.image)) pace.note(ms, elapsed);
  performance.measure(preview ? "preview" : "whole", { start: next.start });
  messages.dismiss("painting");
  report(result, job, elapsed);
  showNotices();
  frame.toggleAttribute("data-previewed", preview);
  onShown(preview);
}

/** Returns the images that are shown or may be shown again. */
function keptImages() {
  return new Set([shown.image, shown.rest, ...results.images()]);
}

function report({ image, ms }, { settings, preview }, elapsed) {
  const { width, height } = image;
  if (!total(settings.styles)) {
    messages.show(say("painting.none"));
  } else if (preview) {
    messages.show(say("painting.preview", { width, height }), { fleeting: true });
  } else {
    const time = messages.seconds(ms || elapsed);
    messages.show(say("painting.done", { width, height, time }));
  }
}
