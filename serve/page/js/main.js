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
let since = 0; // when its file was given
let shown = {}; // the paintings that are: {image, base}
let kept = {}; // what was painted last, by kind

async function start() {
  say.start();
  stage.start();
  let sample;
  try {
    info = await server.get("api/styles", "json");
    sample = await server.get(SAMPLE, "blob");
    backend = await server.create();
  } catch (error) {
    say.warn(error);
    return busy(false);
  }
  const found = fromHash(location.hash, info);
  ({ settings, rest } = found);
  styles.start(info.styles, (weights) => {
    settings.styles = weights;
    changed();
  });
  controls.start(info, () => {
    Object.assign(settings, controls.get());
    changed();
  });
  lines.start();
  mask.start(showPainting, onMaskTool);
  input.start(take);
  camera.start(take, goLive);
  video.start(take, endLive);
  for (const id of ["#camera-live", "#in-browser-field"]) find(id).hidden = !info.browser;
  find("#reset").addEventListener("click", () => restore(fromHash("", info)));
  find("#download").addEventListener("click", save);
  find("#format").addEventListener("change", tell);
  find("#rest-keep").addEventListener("click", () => setRest(structuredClone(settings)));
  find("#rest-photo").addEventListener("click", () => setRest(null));
  find("#in-browser").checked = false; // a page gone back to would show it as it was left
  find("#in-browser").addEventListener("change", chooseBackend);
  copies(find("#link"), () => new URL(hash(), location.href).href);
  addEventListener("hashchange", () => {
    if (location.hash !== hash()) restore(fromHash(location.hash, info));
  });
  const file = new File([sample], "astronaut.jpg", { type: "image/jpeg" });
  await take(file, found.size);
  restore(found);
}

/** Takes a picture's file in place of the one that is there. */
async function take(file, size = controls.getSize()) {
  const before = find("#status").textContent;
  say.calm();
  say.say(`Reading '${file.name}' …`);
  const given = performance.now();
  const decode = backend.encode && ((file) => server.decode(file, info.max_size));
  let opened;
  try {
    opened = await pictures.open(file, info, decode);
  } catch (error) {
    say.say(before, { fleeting: true });
    say.warn(error);
    return;
  }
  if (given < since) return; // a later file was read sooner
  const first = !picture;
  [picture, since] = [opened, given];
  video.stop();
  shown = {};
  kept = {};
  mask.reset(picture);
  controls.offerSizes(picture, info.max_size, size);
  find("#format").value = picture.format;
  showPicture();
  if (!first) changed();
  if (picture.notice) say.warn(new Error(picture.notice));
}

function showPicture() {
  stage.showPicture(picture);
  find("#name").textContent = `${picture.name}, ${picture.width} × ${picture.height} px`;
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
  if (!picture) return;
  say.calm();
  tell();
  if (!video.isOn()) painter.changed();
}

/** Paints the picture as all is set, and shows it; the painter calls this. */
async function paint({ preview, began }, signal) {
  if (!picture) return;
  const now = { picture, settings: structuredClone(settings) };
  const first = performance.now();
  const before = paintings();
  const painted = await paintOnce("painted", now.settings, preview, signal);
  const second = mask.isOn() && rest;
  const base = second && (await paintOnce("base", second, preview, signal));
  if (now.picture !== picture || video.isOn()) return;
  shown = { image: painted.image, base: base?.image };
  showPainting();
  for (const image of before) if (!paintings().has(image)) image?.close?.();
  const size = Math.max(painted.image.width, painted.image.height);
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
    made.image = pictures.drawn(picture.bitmap, pictures.sides(picture, size));
  } else {
    const source = pictures.source(picture, size, preview);
    const { image, ms } = await backend.paint(source, setting, signal);
    made.ms = ms;
    made.image = image instanceof ImageData ? await createImageBitmap(image) : image;
  }
  return (kept[place] = made);
}

function paintings() {
  return new Set([...Object.values(shown), ...Object.values(kept).map((one) => one.image)]);
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
    settings: asked(),
    name: picture.name,
    size: controls.getSize() ?? info.max_size,
    format: own ? null : find("#format").value,
    model: info.model,
  });
  find("#rest-name").textContent = rest ? styleText(rest.styles) : "";
  find("#rest-keep").setAttribute("aria-pressed", Boolean(rest));
  find("#rest-photo").setAttribute("aria-pressed", !rest);
}

/** Gives the setting as all who paint take it: without any share it is strength 0. */
function asked() {
  return total(settings.styles) ? settings : { ...standard(info), strength: 0 };
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
    const size = wholeSize();
    const job = { picture, settings: asked(), size, format, backend, composed };
    say.say(`Saved as ${await download(job)}`);
  } catch (error) {
    say.say("Not saved.");
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
  if (mask.isOpen()) find("#mask").click();
  painter.stop(); // after the click, which may paint
  video.show(stream, inBrowser(), asked, (error) => {
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
  // From the click on no picture goes to the server, and what hangs is given up.
  painter.stop();
  backend = { paint: async (...job) => (await coming).paint(...job) };
  target.disabled = true;
  try {
    backend = await coming;
    changed();
  } catch (error) {
    backend = before;
    target.checked = false;
    changed();
    say.warn(error);
  }
  target.disabled = false;
}

await start();
