// The studio: its state, and who is told when it changes.

import * as camera from "./camera.js";
import { copies } from "./clipboard.js";
import * as controls from "./controls.js";
import { find } from "./dom.js";
import { download } from "./download.js";
import * as input from "./input.js";
import * as lines from "./lines.js";
import * as mask from "./mask.js";
import { Painter } from "./painter.js";
import * as pictures from "./picture.js";
import * as say from "./say.js";
import * as server from "./server.js";
import { fromHash, isPhotograph, standard, styleText, toHash, total } from "./settings.js";
import * as stage from "./stage.js";
import * as styles from "./styles.js";
import * as video from "./video.js";

const SAMPLE = "page/sample.jpg";

const frame = find("#frame");
const painter = new Painter({
  paint,
  busy,
  fail: (error) => say.warn(error, "painting"),
});

let info; // what GET /api/styles gives
let backend;
let local; // the backend in this browser, once it is wanted: a promise
let settings;
let rest = null; // the second setting, for where the mask is not; null is the photograph
let picture = null;
let shown = {}; // the paintings that are: {image, base}
let kept = {}; // what was painted last, by kind

async function start() {
  say.start();
  stage.start();
  try {
    const response = await fetch("api/styles");
    info = await response.json();
    backend = await server.create();
  } catch {
    say.warn(new Error("The server does not answer. Is it still running?"));
    return;
  }
  styles.start(info.styles, (weights) => {
    settings.styles = weights;
    changed();
  });
  controls.start(info, () => {
    Object.assign(settings, controls.get());
    changed();
  });
  mask.start(showPainting, onMaskTool);
  input.start(take);
  camera.start(take, goLive);
  video.start(take, endLive);
  find("#camera-live").hidden = !info.browser;
  find("#reset").addEventListener("click", () => {
    restore({ settings: standard(info), rest: null, size: null });
  });
  find("#download").addEventListener("click", save);
  find("#format").addEventListener("change", tell);
  find("#rest-keep").addEventListener("click", () => setRest(structuredClone(settings)));
  find("#rest-photo").addEventListener("click", () => setRest(null));
  find("#in-browser").addEventListener("change", chooseBackend);
  find("#in-browser-field").hidden = !info.browser;
  copies(find("#link"), () => new URL(hash(), location.href).href);
  copies(find("#shell-copy"), () => find("#shell").textContent);
  copies(find("#python-copy"), () => find("#python").textContent);
  addEventListener("hashchange", () => {
    if (location.hash !== hash()) restore(fromHash(location.hash, info));
  });
  const sample = await fetch(SAMPLE);
  const file = new File([await sample.blob()], "astronaut.jpg", { type: "image/jpeg" });
  const asked = fromHash(location.hash, info);
  await take(file, asked.size);
  restore(asked);
}

/** Takes a picture's file in place of the one that is there. */
async function take(file, size = controls.getSize()) {
  const before = find("#status").textContent;
  say.calm();
  say.say(`Reading '${file.name}' …`);
  const decode = backend.encode && decodeAtServer(file.name);
  try {
    picture = await pictures.open(file, info, decode);
  } catch (error) {
    say.say(before, { fleeting: true });
    say.warn(error);
    return;
  }
  video.stop();
  shown = {};
  kept = {};
  mask.reset(picture);
  controls.offerSizes(picture, info.max_size, size);
  find("#format").value = picture.format;
  showPicture();
  if (settings) changed();
  if (picture.notice) say.warn(new Error(picture.notice));
}

function showPicture() {
  stage.showPicture(picture);
  find("#name").textContent = `${picture.name}, ${picture.width} × ${picture.height} px`;
}

/** Makes the server read a kind of picture that the browser cannot: at strength 0. */
function decodeAtServer(name) {
  const setting = { styles: {}, strength: 0, fade: null, keepColor: "none" };
  return async (file) => {
    try {
      const source = { file, size: info.max_size };
      return await backend.encode(source, setting, "png");
    } catch (error) {
      if (error.status === 415) throw pictures.unreadable(name);
      throw error;
    }
  };
}

function restore(found) {
  settings = found.settings;
  rest = found.rest;
  styles.set(settings.styles);
  controls.set(settings);
  controls.offerSizes(picture, info.max_size, found.size);
  changed();
}

function setRest(setting) {
  rest = setting;
  changed();
}

function changed() {
  say.calm();
  tell();
  if (!video.isOn()) painter.changed();
}

/** Paints the picture as all is set, and shows it; the painter calls this. */
async function paint({ preview, began }, signal) {
  if (!picture) return;
  const now = { picture, settings: structuredClone(settings) };
  const first = performance.now();
  const painted = await paintOnce("painted", now.settings, preview, signal);
  const second = mask.isOn() && rest;
  const base = second && (await paintOnce("base", second, preview, signal));
  if (now.picture !== picture || video.isOn()) return;
  shown = { image: painted.image, base: base?.image };
  showPainting();
  const { width, height } = painted.image;
  const size = Math.max(width, height);
  frame.dataset.shown = toHash(now.settings, { rest: second, size });
  performance.measure(preview ? "preview" : "whole", { start: began });
  if (!preview) history.replaceState(null, "", hash());
  say.calm("painting");
  report(painted, now.settings, preview, performance.now() - first);
}

/** Paints, unless it is what was painted last of this kind. */
async function paintOnce(kind, setting, preview, signal) {
  const size = preview ? Math.min(pictures.PREVIEW, wholeSize()) : wholeSize();
  const key = JSON.stringify([setting, size, Boolean(backend.encode)]);
  const place = `${kind} ${preview}`;
  const last = kept[place];
  if (last?.key === key && last.picture === picture) return last;
  const made = { key, picture, ms: 0 };
  if (isPhotograph(setting)) {
    const sides = pictures.sides(picture, size);
    made.image = pictures.drawn(picture.bitmap, sides);
  } else {
    const source = pictures.source(picture, size, preview);
    const { image, ms } = await backend.paint(source, setting, signal);
    made.ms = ms;
    made.image = image instanceof ImageData ? await createImageBitmap(image) : image;
  }
  return (kept[place] = made);
}

function wholeSize() {
  return Math.min(controls.getSize() ?? info.max_size, info.max_size, picture.longer);
}

function showPainting() {
  if (!shown.image) return;
  const base = shown.base ?? picture.bitmap;
  stage.showPainting(mask.isOn() ? mask.compose(shown.image, base) : shown.image);
}

function report({ image, ms }, setting, preview, all) {
  const size = `${image.width} × ${image.height} px`;
  if (!total(setting.styles)) {
    say.say("No style has a share: this is the photograph. Move a slider.");
  } else if (preview) {
    say.say(`Preview, ${size}, in ${say.seconds(all)}`, { fleeting: true });
  } else {
    say.say(`Painted ${size} in ${say.seconds(ms || all)}`);
  }
}

/** Writes the setting into the lines to copy and the mask's tool. */
function tell() {
  const own = find("#format").value === picture.format;
  lines.show({
    settings,
    name: picture.name,
    size: controls.getSize() ?? info.max_size,
    format: own ? null : find("#format").value,
    model: info.model,
  });
  find("#rest-name").textContent = rest ? styleText(rest.styles) : "";
  find("#rest-keep").setAttribute("aria-pressed", Boolean(rest));
  find("#rest-photo").setAttribute("aria-pressed", !rest);
}

function hash() {
  return toHash(settings, { rest, size: controls.getSize() });
}

function onMaskTool(open) {
  stage.setMode(open ? "mask" : "compare");
  if (open) say.say("Paint where the style shall be.");
  showPainting();
  if (rest) painter.changed();
}

function busy(on) {
  frame.setAttribute("aria-busy", on);
}

async function save() {
  const button = find("#download");
  const format = find("#format").value;
  button.disabled = true;
  say.say("Painting the file …");
  try {
    const base = rest && !isPhotograph(rest) ? rest : null;
    const composed = mask.isOn() && { base, compose: mask.compose };
    const job = { picture, settings, size: wholeSize(), format, backend, composed };
    const name = await download(job);
    say.say(`Saved as ${name}`);
  } catch (error) {
    say.warn(error);
  }
  button.disabled = false;
}

/** Gives what paints in this browser; what failed to load is loaded anew. */
function inBrowser() {
  local ??= import(info.browser.module).then((module) => module.create(info));
  local.catch(() => (local = null));
  return local;
}

/** Paints a camera's stream in the picture's place. */
function goLive(stream) {
  say.calm();
  painter.stop();
  if (mask.isOpen()) find("#mask").click();
  const photo = { ...standard(info), strength: 0 };
  const moment = () => (total(settings.styles) ? settings : photo);
  video.show(stream, inBrowser(), moment, (error) => {
    video.stop();
    endLive();
    say.warn(error);
  });
  find("#name").textContent = "Camera";
}

function endLive() {
  showPicture();
  changed();
}

/** Has the browser paint, or the server again. */
async function chooseBackend({ target }) {
  const before = backend;
  const coming = target.checked ? inBrowser() : server.create();
  // From the click on no picture goes to the server.
  backend = { paint: async (...job) => (await coming).paint(...job) };
  target.disabled = true;
  try {
    backend = await coming;
    changed();
  } catch (error) {
    backend = before;
    target.checked = false;
    say.warn(error);
  }
  target.disabled = false;
}

await start();
