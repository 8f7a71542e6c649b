// A camera's stream in the picture's place, painted frame by frame.

import { start as startPainting } from "./browser/live.js";
import { end, photograph } from "./camera.js";
import { find } from "./dom.js";
import { show as showMessage } from "./messages.js";
import * as stage from "./stage.js";
import { say, sayNumber } from "./words.js";

const PICTURE_TOOLS = ["#camera", "#mask", "#link", "#download"];

const video = document.createElement("video");
video.muted = true;
video.playsInline = true;

let current = 0; // number of the stream that is shown: a loading one may be outdated
let stopPainting = null;

/** Calls `take` with the file of each photograph, and `ended` after the stop button. */
export function start(take, ended) {
  find("#live-stop").addEventListener("click", () => {
    stop();
    ended();
  });
  find("#live-shutter").addEventListener("click", async () => take(await photograph(video)));
}

export function isOn() {
  return Boolean(video.srcObject);
}

/**
 * Shows a stream until it is stopped.
 *
 * @param {MediaStream} stream
 * @param {Promise} backend paints in the browser
 * @param {function(): object} settings returns the current settings
 * @param {function(Error)} onError called when the stream cannot be painted any more
 */
export async function show(stream, backend, settings, onError) {
  const number = ++current;
  const canvas = find("#after");
  const fail = (error) => {
    if (number === current) onError(error);
  };
  const onFrame = (rate) => {
    if (number !== current) return;
    stage.showPhotograph(video);
    const values = { ...sidesOf(canvas), rate: sayNumber(rate, 1) };
    showMessage(say(rate ? "live.rate" : "live.size", values), { fleeting: true });
  };
  const [track] = stream.getVideoTracks();
  track.onended = () => fail(new Error(say("live.ended")));
  video.srcObject = stream;
  setLive(true);
  showMessage(say("live.loading"));
  try {
    await video.play();
    let ratio = 0;
    const fitShape = () => {
      const { videoWidth: width, videoHeight: height } = video;
      if (number !== current || ratio === width / height) return;
      ratio = width / height;
      stage.showPicture({ bitmap: video, width, height });
    };
    video.onresize = fitShape; // a phone is turned
    fitShape();
    const loaded = await backend;
    if (number !== current) return;
    const stopper = await startPainting(video, canvas, loaded, settings, onFrame, fail);
    if (number === current) stopPainting = stopper;
    else stopper();
  } catch (error) {
    fail(error);
  }
}

export function stop() {
  if (!isOn()) return;
  current++;
  stopPainting?.();
  stopPainting = null;
  end(video.srcObject);
  video.srcObject = null;
  setLive(false);
}

const sidesOf = ({ width, height }) => ({ width, height });

function setLive(on) {
  const tools = find("#live-tools");
  const focused = tools.contains(document.activeElement);
  tools.hidden = !on;
  for (const name of PICTURE_TOOLS) find(name).disabled = on;
  // The element with the focus has just been disabled or hidden.
  if (on) find("#live-stop").focus();
  else if (focused) find("#camera").focus();
}
