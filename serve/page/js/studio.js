// What can be undone, and what follows when it changes.

import * as controls from "./controls.js";
import { find } from "./dom.js";
import { keep } from "./keeping.js";
import * as mask from "./mask.js";
import * as messages from "./messages.js";
import { scheduler, showNotices } from "./painting.js";
import { sides } from "./picture.js";
import * as regions from "./regions.js";
import * as snippets from "./snippets.js";
import * as stage from "./stage.js";
import * as strip from "./strip.js";
import { hash, paintableSettings, settingOf, state, wholeSize } from "./state.js";
import * as styles from "./styles.js";
import * as toast from "./toast.js";
import * as undo from "./undo.js";
import * as video from "./video.js";
import { say } from "./words.js";
import * as zoom from "./zoom.js";

const PAUSE = 250; // ms without a change before the address is written

const format = find("#format");

let chosenFormat = null; // null is the picture's own
let addressTimer = 0;
let reopen; // opens a picture's file again

/**
 * Begins with the current picture and setting.
 *
 * @param {function(File, ?number): Promise} openAgain opens a file for a longer side
 */
export function start(openAgain) {
  reopen = openAgain;
  undo.start(snapshot(), apply);
  toast.start();
  format.addEventListener("change", () => {
    chosenFormat = format.value;
    keepState();
    showSettings();
  });
}

/** Takes what an earlier load of the page kept; see `keepState`. */
export function recallState(kept) {
  mask.set(kept?.strokes ?? []);
  chosenFormat = state.info.formats.find((name) => name === kept?.format) ?? null;
}

/** Returns what a result is made of, for `go`. */
export function target() {
  const { settings, rest, picture } = state;
  const { file } = picture;
  return { settings, rest, size: controls.getSize(), strokes: mask.get(), file };
}

/** Returns all that can be undone. */
function snapshot() {
  return { ...target(), results: strip.get() };
}

/** Applies all that can be undone. */
async function apply({ settings, rest, size, strokes, file, results }) {
  Object.assign(state, { settings, rest });
  strip.open(results);
  if (strokes !== mask.get()) mask.set(strokes);
  showEdited();
  if (file === state.picture.file) controls.offerSizes(state.picture, size);
  else await reopen(file, size);
  keepState();
  follow();
}

/** Goes to a setting, which is a step of its own; what it replaces can be undone. */
export async function go(target, replaced = null) {
  const before = snapshot();
  await apply({ ...before, ...target });
  if (target.strokes) {
    mask.forgetUndone();
    regions.show();
  }
  undo.note(snapshot());
  if (replaced) undo.offer(replaced);
}

/** Sets everything that an address holds. */
export async function restore(address, replaced = null) {
  const { settings, rest, size, ignored } = address;
  await go({ settings, rest, size }, replaced);
  showNotices();
  const problems = [];
  if (ignored.length) {
    const parts = ignored.map((part) => `'${part}'`).join(", ");
    problems.push(say("link.parts", { parts }));
  }
  if (rest && !mask.isOn()) problems.push(say("link.rest"));
  if (problems.length) messages.warn(new Error(problems.join(" ")));
}

/** Notes a change that someone made, paints it, and says what it replaced. */
export function changed(group = null, replaced = null) {
  undo.note(snapshot(), group);
  if (replaced) undo.offer(replaced);
  follow();
}

export function changedMask() {
  undo.note(snapshot());
  strip.mark(target());
  showSettings();
  keepState();
  if (state.rest) scheduler.changed();
}

/** Shows the setting of the layer that is edited. */
export function showEdited() {
  const setting = settingOf(state.layer);
  styles.set(setting.styles);
  controls.set(setting);
}

/** Shows and paints the current settings. */
export function follow() {
  messages.dismiss();
  strip.mark(target());
  showSettings();
  clearTimeout(addressTimer);
  addressTimer = setTimeout(() => history.replaceState(null, "", hash()), PAUSE);
  if (!video.isOn()) scheduler.changed();
}

/** Shows a picture that has no result yet. */
export function showPicture() {
  const { picture } = state;
  format.value = chosenFormat ?? picture.format;
  stage.showPicture(picture);
  find("#styles").style.setProperty("--tile", tileRatio(picture));
  zoom.fit(wholeSides());
  find("#name").textContent = say("picture.size", picture);
}

/** Returns the ratio of the tiles, which cut little off any picture. */
function tileRatio({ width, height }) {
  return Math.min(1.34, Math.max(0.8, width / height));
}

function wholeSides() {
  const [width, height] = sides(state.picture, wholeSize());
  return { width, height };
}

function keepState() {
  keep("state", { strokes: mask.get(), format: chosenFormat });
}

/** Writes the settings into the lines to copy and the mask's tools. */
function showSettings() {
  const { info, picture } = state;
  zoom.resize(wholeSides());
  snippets.show({
    settings: paintableSettings(),
    name: picture.name,
    size: wholeSize() < picture.longer ? wholeSize() : null,
    format: format.value === picture.format ? null : format.value,
    info,
    masked: mask.isOn(),
  });
  regions.show();
}
