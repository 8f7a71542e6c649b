// The studio: its start, and what follows when something changes.

import { atServer, inBrowser, leaveBrowser } from "./backends.js";
import * as camera from "./camera.js";
import { makeCopyButton } from "./clipboard.js";
import * as controls from "./controls.js";
import { find } from "./dom.js";
import { download } from "./download.js";
import * as input from "./input.js";
import { keep, prune, recall } from "./keeping.js";
import * as language from "./language.js";
import { load } from "./loading.js";
import * as mask from "./mask.js";
import * as messages from "./messages.js";
import { findWhole, reset, scheduler, setBusy, showNotices, showResult } from "./painting.js";
import * as pictures from "./picture.js";
import { fromHash, isPhotograph, styleText } from "./settings.js";
import * as snippets from "./snippets.js";
import * as stage from "./stage.js";
import { hash, paintableSettings, state, wholeSize } from "./state.js";
import * as styles from "./styles.js";
import * as touch from "./touch.js";
import * as undo from "./undo.js";
import * as upload from "./upload.js";
import * as video from "./video.js";
import { fillIn, say } from "./words.js";

const PAUSE = 250; // ms without a change before the address is written

const format = find("#format");

let pictureTime = 0; // when the picture's file was given
let chosenFormat = null; // null is the picture's own
let addressTimer = 0;

async function start() {
  fillIn();
  language.start();
  find("#unstarted").remove();
  messages.start();
  stage.start();
  touch.start();
  const { info, sample, backend } = await load(() => setBusy(false));
  messages.dismiss("start");
  const address = fromHash(location.hash, info);
  const { settings, rest } = address;
  Object.assign(state, { info, backend, settings, rest });
  const kept = await recall("state");
  mask.set(kept?.strokes ?? []);
  chosenFormat = info.formats.find((name) => name === kept?.format) ?? null;
  startControls();
  startButtons();
  await open(address.size, sample);
  undo.start(current(), apply);
  restore(address);
  prune();
}

/** Opens the picture that this tab had, or the sample. */
async function open(size, sample) {
  const kept = await recall("picture");
  if (kept) await take(kept, { size });
  if (!state.picture) await take(sample, { size, kept: false });
}

function startControls() {
  styles.start(state.info.styles, (weights, group) => {
    state.settings = { ...state.settings, styles: weights };
    changed(group);
  });
  controls.start(state.info, (group) => {
    state.settings = { ...state.settings, ...controls.get() };
    changed(group);
  });
  snippets.start();
  mask.start(showResult, changedMask, onMaskTool);
  input.start(take);
  camera.start(take, goLive);
  video.start(take, endLive);
}

function startButtons() {
  const { info } = state;
  for (const id of ["#camera-live", "#in-browser-field"]) find(id).hidden = !info.browser;
  find("#reset").addEventListener("click", () => restore(fromHash("", info)));
  find("#download").addEventListener("click", save);
  format.addEventListener("change", () => {
    chosenFormat = format.value;
    keepState();
    showSettings();
  });
  find("#rest-keep").addEventListener("click", () => setRest(state.settings));
  find("#rest-photo").addEventListener("click", () => setRest(null));
  find("#in-browser").checked = false; // the back button restores how it was left
  find("#in-browser").addEventListener("change", chooseBackend);
  const link = () => new URL(hash(), location.href).href;
  makeCopyButton(find("#link"), link, () => (say(mask.isOn() ? "link.mask" : "copy.said")));
  addEventListener("hashchange", () => {
    if (location.hash !== hash()) restore(fromHash(location.hash, info));
  });
}

/**
 * Takes a picture's file in place of the current one.
 *
 * @param {File} file
 * @param {object} options `size`, the longer side to paint; `others`, how many files came
 *   with it; `kept`, whether the next load of the page opens it again
 */
async function take(file, { size = controls.getSize(), others = 0, kept = true } = {}) {
  const { info, backend } = state;
  const status = find("#status").textContent;
  messages.dismiss();
  messages.show(say("open.reading", { name: file.name }));
  const time = performance.now();
  const decode = backend.decode && ((file) => backend.decode(file, info.max_size));
  let opened;
  try {
    opened = await pictures.open(file, info, decode);
  } catch (error) {
    messages.show(status, { fleeting: true });
    messages.warn(error);
    return;
  }
  if (time < pictureTime) return; // a file that was given later is open already
  const first = !state.picture;
  [state.picture, pictureTime] = [opened, time];
  upload.stop([file]);
  video.stop();
  reset();
  mask.fit(opened);
  controls.offerSizes(opened, size);
  format.value = chosenFormat ?? opened.format;
  showPicture();
  if (first) return;
  if (kept) keep("picture", file);
  if (others) opened.notices.push(say("open.one", { count: others }));
  if (mask.get().length) opened.notices.push(say("mask.stays"));
  changed();
  showNotices();
}

function showPicture() {
  const { picture } = state;
  stage.showPicture(picture);
  find("#name").textContent = say("picture.size", picture);
}

/** Returns all that can be undone. */
function current() {
  const { settings, rest } = state;
  return { settings, rest, size: controls.getSize(), strokes: mask.get() };
}

/** Applies all that can be undone. */
function apply({ settings, rest, size, strokes }) {
  Object.assign(state, { settings, rest });
  styles.set(settings.styles);
  controls.set(settings);
  controls.offerSizes(state.picture, size);
  if (strokes !== mask.get()) mask.set(strokes);
  keepState();
  follow();
}

/** Sets everything that an address holds. */
function restore(address) {
  apply({ ...address, strokes: mask.get() });
  undo.note(current());
  const { notices } = state.picture;
  if (address.ignored.length) {
    const parts = address.ignored.map((part) => `'${part}'`).join(", ");
    notices.push(say("link.parts", { parts }));
  }
  if (address.rest && !mask.isOn()) {
    notices.push(say("link.rest"));
  }
  showNotices();
}

function setRest(setting) {
  state.rest = setting;
  changed();
}

/** Notes a change that someone made, and paints it. */
function changed(group = null) {
  undo.note(current(), group);
  follow();
}

function changedMask() {
  undo.note(current());
  keepState();
}

/** Shows and paints the current settings. */
function follow() {
  messages.dismiss();
  showSettings();
  clearTimeout(addressTimer);
  addressTimer = setTimeout(() => history.replaceState(null, "", hash()), PAUSE);
  if (!video.isOn()) scheduler.changed();
}

function keepState() {
  keep("state", { strokes: mask.get(), format: chosenFormat });
}

/** Writes the settings into the lines to copy and the mask's tools. */
function showSettings() {
  const { info, picture, rest } = state;
  snippets.show({
    settings: paintableSettings(),
    name: picture.name,
    size: wholeSize() < picture.longer ? wholeSize() : null,
    format: format.value === picture.format ? null : format.value,
    info,
  });
  find("#rest-name").textContent = rest ? styleText(rest.styles) : "";
  find("#rest-keep").setAttribute("aria-pressed", Boolean(rest));
  find("#rest-photo").setAttribute("aria-pressed", !rest);
}

function onMaskTool(open) {
  stage.setMode(open ? "mask" : "compare");
  if (open) messages.show(say("mask.hint"));
  showResult();
  if (state.rest) scheduler.changed();
}

async function save() {
  const { picture, backend, rest } = state;
  const button = find("#download");
  button.disabled = true;
  messages.show(say("download.painting"));
  try {
    const outside = rest && !isPhotograph(rest) ? rest : null;
    const { name, fromScreen } = await download({
      ...{ picture, backend },
      settings: paintableSettings(),
      size: wholeSize(),
      format: format.value,
      mask: mask.isOn() && { rest: outside, apply: mask.apply },
      shown: findWhole(),
    });
    messages.show(say(fromScreen ? "download.screen" : "download.saved", { name }));
  } catch (error) {
    messages.show(say("download.failed"));
    messages.warn(error, "saving", error.away && save);
  }
  button.disabled = false;
}

/** Paints a camera's stream in the picture's place. */
function goLive(stream) {
  messages.dismiss();
  if (mask.isOpen()) find("#mask").click();
  scheduler.stop(); // after the click, which may start to paint
  video.show(stream, inBrowser(state.info), paintableSettings, (error) => {
    video.stop();
    endLive();
    messages.warn(error);
  });
  find("#name").textContent = say("camera");
}

function endLive() {
  if (!find("#in-browser").checked) leaveBrowser();
  showPicture();
  follow();
}

/** Lets the browser paint, or the server again. */
async function chooseBackend({ target }) {
  const previous = state.backend;
  const coming = target.checked ? inBrowser(state.info) : atServer();
  // From the click on, no picture goes to the server, and a job that hangs is abandoned.
  scheduler.stop();
  upload.stop();
  state.backend = { paint: async (...job) => (await coming).paint(...job) };
  target.disabled = true;
  try {
    state.backend = await coming;
    if (!target.checked && !video.isOn()) leaveBrowser();
    follow();
  } catch (error) {
    state.backend = previous;
    target.checked = false;
    follow();
    messages.warn(error);
  }
  target.disabled = false;
}

await start();
