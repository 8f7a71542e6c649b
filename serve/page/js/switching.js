// Who paints: the server or this browser; and the camera's live picture, which this
// browser paints alone.

import { atServer, inBrowser, leaveBrowser } from "./backends.js";
import { find } from "./dom.js";
import * as messages from "./messages.js";
import { keepPainting } from "./offline.js";
import * as pace from "./pace.js";
import { scheduler } from "./painting.js";
import * as regions from "./regions.js";
import { paintableSettings, state } from "./state.js";
import * as studio from "./studio.js";
import * as upload from "./upload.js";
import * as video from "./video.js";
import { say } from "./words.js";

const choice = find("#in-browser");

export function start() {
  for (const id of ["#camera-live", "#in-browser-field"]) find(id).hidden = !state.info.browser;
  choice.checked = false; // the back button restores how it was left
  choice.addEventListener("change", chooseBackend);
}

/** Paints a camera's stream in the picture's place. */
export function goLive(stream) {
  messages.dismiss();
  if (regions.isOpen()) find("#mask").click();
  scheduler.stop(); // after the click, which may start to paint
  video.show(stream, inBrowser(state.info), paintableSettings, (error) => {
    video.stop();
    endLive();
    messages.warn(error);
  });
  find("#name").textContent = say("camera");
}

export function endLive() {
  if (!choice.checked) leaveBrowser();
  studio.showPicture();
  studio.follow();
}

/** Lets the browser paint, or the server again. */
async function chooseBackend() {
  const previous = state.backend;
  const coming = choice.checked ? inBrowser(state.info) : atServer();
  // From the click on, no picture goes to the server, and a job that hangs is abandoned.
  scheduler.stop();
  upload.stop();
  state.backend = {
    paint: async (...job) => (await coming).paint(...job),
    paintLooks: async (...job) => (await coming).paintLooks(...job),
  };
  choice.disabled = true;
  try {
    state.backend = await coming;
    pace.reset();
    if (choice.checked) keepPainting(state.backend.files);
    if (!choice.checked && !video.isOn()) leaveBrowser();
    studio.follow();
  } catch (error) {
    state.backend = previous;
    choice.checked = false;
    studio.follow();
    messages.warn(error);
  }
  choice.disabled = false;
}
