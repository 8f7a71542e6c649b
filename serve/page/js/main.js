// The studio: its state, and what follows when it changes.

import { atServer, inBrowser } from "./backends.js";
import * as camera from "./camera.js";
import { makeCopyButton } from "./clipboard.js";
import * as controls from "./controls.js";
import { find } from "./dom.js";
import { download } from "./download.js";
import * as input from "./input.js";
import * as mask from "./mask.js";
import * as messages from "./messages.js";
import * as pictures from "./picture.js";
import * as results from "./results.js";
import { Scheduler } from "./scheduler.js";
import * as server from "./server.js";
import { fromHash, initial, isPhotograph, styleText, toHash, total } from "./settings.js";
import * as snippets from "./snippets.js";
import * as stage from "./stage.js";
import * as styles from "./styles.js";
import * as video from "./video.js";

const SAMPLE = { path: "page/sample.jpg", name: "astronaut.jpg", type: "image/jpeg" };

const frame = find("#frame");
const format = find("#format");
const scheduler = new Scheduler({
  paint,
  onBusy: setBusy,
  onError: (error) => messages.warn(error, "painting"),
});

let info; // the answer of GET /api/styles
let backend;
let settings;
let rest = null; // the setting outside the mask; null is the photograph
let picture = null;
let pictureTime = 0; // when the picture's file was given
let shown = {}; // the results on the stage: {image, rest}

async function start() {
  messages.start();
  stage.start();
  let sample;
  try {
    info = await server.get("api/styles", "json");
    sample = await server.get(SAMPLE.path, "blob");
    backend = await atServer();
  } catch (error) {
    messages.warn(error);
    return setBusy(false);
  }
  const state = fromHash(location.hash, info);
  ({ settings, rest } = state);
  startControls();
  startButtons();
  const file = new File([sample], SAMPLE.name, { type: SAMPLE.type });
  await take(file, state.size);
  restore(state);
}

function startControls() {
  styles.start(info.styles, (weights) => {
    settings.styles = weights;
    changed();
  });
  controls.start(info, () => {
    Object.assign(settings, controls.get());
    changed();
  });
  snippets.start();
  mask.start(showResult, onMaskTool);
  input.start(take);
  camera.start(take, goLive);
  video.start(take, endLive);
}

function startButtons() {
  for (const id of ["#camera-live", "#in-browser-field"]) find(id).hidden = !info.browser;
  find("#reset").addEventListener("click", () => restore(fromHash("", info)));
  find("#download").addEventListener("click", save);
  format.addEventListener("change", showSettings);
  find("#rest-keep").addEventListener("click", () => setRest(structuredClone(settings)));
  find("#rest-photo").addEventListener("click", () => setRest(null));
  find("#in-browser").checked = false; // the back button restores how it was left
  find("#in-browser").addEventListener("change", chooseBackend);
  makeCopyButton(find("#link"), () => new URL(hash(), location.href).href);
  addEventListener("hashchange", () => {
    if (location.hash !== hash()) restore(fromHash(location.hash, info));
  });
}

/** Takes a picture's file in place of the current one. */
async function take(file, size = controls.getSize()) {
  const status = find("#status").textContent;
  messages.dismiss();
  messages.show(`Reading '${file.name}' …`);
  const time = performance.now();
  const decode = backend.encode && ((file) => server.decode(file, info.max_size));
  let opened;
  try {
    opened = await pictures.open(file, info, decode);
  } catch (error) {
    messages.show(status, { fleeting: true });
    messages.warn(error);
    return;
  }
  if (time < pictureTime) return; // a file that was given later is open already
  const first = !picture;
  [picture, pictureTime] = [opened, time];
  video.stop();
  shown = {};
  results.reset();
  mask.reset(picture);
  controls.offerSizes(picture, size);
  format.value = picture.format;
  showPicture();
  if (!first) changed();
  if (picture.notice) messages.warn(new Error(picture.notice));
}

function showPicture() {
  stage.showPicture(picture);
  find("#name").textContent = `${picture.name}, ${picture.width} × ${picture.height} px`;
}

/** Sets everything that an address holds. */
function restore(state) {
  ({ settings, rest } = state);
  styles.set(settings.styles);
  controls.set(settings);
  controls.offerSizes(picture, state.size);
  changed();
}

function setRest(setting) {
  rest = setting;
  changed();
}

function changed() {
  if (!picture) return;
  messages.dismiss();
  showSettings();
  if (!video.isOn()) scheduler.changed();
}

/** Paints and shows the current settings, when the scheduler asks for it. */
async function paint({ preview, start: changeTime }, signal) {
  if (!picture) return;
  const size = preview ? Math.min(pictures.PREVIEW, wholeSize()) : wholeSize();
  const job = { picture, settings: structuredClone(settings), size, preview, backend };
  const startTime = performance.now();
  const oldImages = keptImages();
  const result = await results.get("picture", job, signal);
  const outside = mask.isOn() && rest;
  const restJob = { ...job, settings: outside };
  const restResult = outside && (await results.get("rest", restJob, signal));
  if (job.picture !== picture || video.isOn()) return;
  shown = { image: result.image, rest: restResult?.image };
  showResult();
  const images = keptImages();
  for (const image of oldImages) if (!images.has(image)) image?.close?.();
  const longer = Math.max(result.image.width, result.image.height);
  frame.dataset.shown = toHash(job.settings, { rest: outside, size: longer });
  performance.measure(preview ? "preview" : "whole", { start: changeTime });
  if (!preview) history.replaceState(null, "", hash());
  messages.dismiss("painting");
  report(result, job, performance.now() - startTime);
}

/** Returns the images that are shown or may be shown again. */
function keptImages() {
  return new Set([...Object.values(shown), ...results.images()]);
}

/** Returns the longer side of the whole result in px. */
function wholeSize() {
  return Math.min(controls.getSize() ?? info.max_size, info.max_size, picture.longer);
}

function showResult() {
  if (!shown.image) return;
  const outside = shown.rest ?? picture.bitmap;
  stage.showResult(mask.isOn() ? mask.compose(shown.image, outside) : shown.image);
}

function report({ image, ms }, { settings, preview }, elapsed) {
  const size = `${image.width} × ${image.height} px`;
  if (!total(settings.styles)) {
    messages.show("No style has a share, so this is the photograph. Move a slider.");
  } else if (preview) {
    const time = messages.seconds(elapsed);
    messages.show(`Preview, ${size}, in ${time}`, { fleeting: true });
  } else {
    messages.show(`Painted ${size} in ${messages.seconds(ms || elapsed)}`);
  }
}

/** Writes the settings into the lines to copy and the mask's tools. */
function showSettings() {
  snippets.show({
    settings: paintableSettings(),
    name: picture.name,
    size: controls.getSize() ?? info.max_size,
    format: format.value === picture.format ? null : format.value,
    info,
  });
  find("#rest-name").textContent = rest ? styleText(rest.styles) : "";
  find("#rest-keep").setAttribute("aria-pressed", Boolean(rest));
  find("#rest-photo").setAttribute("aria-pressed", !rest);
}

/** Returns the settings as backends accept them: no style at all becomes strength 0. */
function paintableSettings() {
  return total(settings.styles) ? settings : { ...initial(info), strength: 0 };
}

function hash() {
  return toHash(settings, { rest, size: controls.getSize() });
}

function onMaskTool(open) {
  stage.setMode(open ? "mask" : "compare");
  if (open) messages.show("Paint where you want the style.");
  showResult();
  if (rest) scheduler.changed();
}

function setBusy(busy) {
  frame.setAttribute("aria-busy", busy);
}

async function save() {
  const button = find("#download");
  button.disabled = true;
  messages.show("Painting the file …");
  try {
    const outside = rest && !isPhotograph(rest) ? rest : null;
    const name = await download({
      picture,
      settings: paintableSettings(),
      size: wholeSize(),
      format: format.value,
      backend,
      mask: mask.isOn() && { rest: outside, compose: mask.compose },
    });
    messages.show(`Saved as ${name}`);
  } catch (error) {
    messages.show("Not saved.");
    messages.warn(error);
  }
  button.disabled = false;
}

/** Paints a camera's stream in the picture's place. */
function goLive(stream) {
  messages.dismiss();
  if (mask.isOpen()) find("#mask").click();
  scheduler.stop(); // after the click, which may start to paint
  video.show(stream, inBrowser(info), paintableSettings, (error) => {
    video.stop();
    endLive();
    messages.warn(error);
  });
  find("#name").textContent = "Camera";
}

function endLive() {
  showPicture();
  changed();
}

/** Lets the browser paint, or the server again. */
async function chooseBackend({ target }) {
  const previous = backend;
  const coming = target.checked ? inBrowser(info) : atServer();
  // From the click on, no picture goes to the server, and a job that hangs is abandoned.
  scheduler.stop();
  backend = { paint: async (...job) => (await coming).paint(...job) };
  target.disabled = true;
  try {
    backend = await coming;
    changed();
  } catch (error) {
    backend = previous;
    target.checked = false;
    changed();
    messages.warn(error);
  }
  target.disabled = false;
}

await start();
