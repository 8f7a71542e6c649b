// The camera's picture, painted as it comes; offered while the browser paints.

import * as live from "./browser/live.js";
import { find } from "./dom.js";

const dialog = find("#camera-dialog");
const video = find("#camera-video");
const message = find("#camera-message");
const field = find("#filming-field");
const box = find("#filming");
const canvas = find("#filming-painted");
const rate = find("#filming-rate");

let film = null; // {stop}, while there is one

/** @param {function(): {backend, settings}} now gives those of the moment */
export function start(now) {
  const update = () => {
    if (!box.checked) end();
    else if (!film && video.videoWidth) begin(now);
  };
  box.addEventListener("change", update);
  video.addEventListener("playing", update);
  dialog.addEventListener("close", () => {
    box.checked = false;
    end();
  });
}

export function offer(on) {
  field.hidden = !on;
}

async function begin(now) {
  const own = { stop() {} };
  film = own;
  message.textContent = "Painting the first frame …";
  const onFrame = (perSecond) => {
    if (film === own) rate.textContent = `${perSecond.toFixed(1)} frames a second`;
  };
  try {
    const { backend } = now();
    own.stop = await live.start(
      video, canvas, backend, () => now().settings, onFrame, fail,
    );
    if (film !== own) return own.stop();
    message.textContent = "";
    canvas.hidden = false;
  } catch (error) {
    fail(error);
  }
}

function fail(error) {
  box.checked = false;
  end();
  message.textContent = error.message;
}

function end() {
  film?.stop();
  film = null;
  canvas.hidden = true;
  rate.textContent = "";
  message.textContent = "";
}
