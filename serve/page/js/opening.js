// Opening a picture in place of the current one.

import * as controls from "./controls.js";
import { find } from "./dom.js";
import { keepPicture } from "./keeping.js";
import * as looks from "./looks.js";
import * as mask from "./mask.js";
import * as messages from "./messages.js";
import { reset, showNotices } from "./painting.js";
import * as pictures from "./picture.js";
import * as samples from "./samples.js";
import { state } from "./state.js";
import * as studio from "./studio.js";
import * as upload from "./upload.js";
import * as video from "./video.js";
import { say } from "./words.js";

let latestTime = 0; // when the latest file was given

/**
 * Takes a picture that someone gives.
 *
 * @param {File} file
 * @param {object} options `others`, how many files came with it; `kept`, whether the next
 *   load of the page opens it again
 */
export async function take(file, { others = 0, kept = true } = {}) {
  const replaces = state.picture.file;
  if (!(await open(file))) return;
  if (kept) keepPicture(file);
  const { notices } = state.picture;
  if (others) notices.push(say("open.one", { count: others }));
  if (mask.isOn() && file !== replaces) notices.push(say("mask.stays"));
  studio.changed(null, replaces === file ? null : say("toast.picture"));
  showNotices();
}

/** Opens a file again, without noting it. */
export async function reopen(file, size) {
  if (await open(file, size)) keepPicture(file);
}

/**
 * Opens a file and shows it.
 *
 * @param {File} file
 * @param {?number} size the longer side to paint, px; null is the picture's own
 * @returns {Promise<boolean>} whether it is open now
 */
export async function open(file, size = controls.getSize()) {
  const { info, backend } = state;
  const status = find("#status").textContent;
  messages.dismiss();
  messages.show(say("open.reading", { name: file.name }));
  const time = performance.now();
  const decode =
    backend.convert && ((file) => backend.convert(file, info.max_size, "png"));
  let opened;
  try {
    opened = await pictures.open(file, info, decode);
  } catch (error) {
    messages.show(status, { fleeting: true });
    messages.warn(error);
    return false;
  }
  if (time < latestTime) return false; // a file that was given later is open already
  [state.picture, latestTime] = [opened, time];
  upload.stop([file]);
  video.stop();
  reset();
  mask.fit(opened);
  controls.offerSizes(opened, size);
  samples.showFor(file);
  studio.showPicture();
  looks.clear();
  return true;
}
