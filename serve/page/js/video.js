// The camera's stream in the picture's place, painted as it comes.

import { start as paint } from "./browser/live.js";
import { end, photograph } from "./camera.js";
import { find } from "./dom.js";
import { say } from "./say.js";
import * as stage from "./stage.js";

const ENDED = "The camera's picture ended. Connect the camera, and open it again.";
const OTHERS = ["#camera", "#mask", "#link", "#download"]; // are for a picture

const video = document.createElement("video");
video.muted = true;
video.playsInline = true;

let turn = 0; // counts streams: one may be stopped before it is painted
let halt = null; // ends the painting

/** Makes the buttons work; `take` gets a photograph's file, `ended` is called without. */
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
 * @param {function(): object} settings gives those of the moment
 * @param {function(Error)} fail told why it is not painted, or no longer
 */
export async function show(stream, backend, settings, fail) {
  const mine = ++turn;
  const canvas = find("#after");
  const failed = (error) => {
    if (mine === turn) fail(error);
  };
  const onFrame = (rate) => {
    if (mine !== turn) return;
    stage.showPhotograph(video);
    const pace = rate ? `, ${rate.toFixed(1)} frames a second` : "";
    say(`Live, ${canvas.width} × ${canvas.height} px${pace}`, { fleeting: true });
  };
  const [track] = stream.getVideoTracks();
  track.onended = () => failed(new Error(ENDED)); // no frame comes any more
  video.srcObject = stream;
  set(true);
  say("Starting the painter …");
  try {
    await video.play();
    let shape = 0;
    const fit = () => {
      const { videoWidth: width, videoHeight: height } = video;
      if (mine !== turn || shape === width / height) return;
      shape = width / height;
      stage.showPicture({ bitmap: video, width, height });
    };
    video.onresize = fit; // a phone is turned
    fit();
    const painter = await backend;
    if (mine !== turn) return;
    const stopPainting = await paint(video, canvas, painter, settings, onFrame, failed);
    if (mine === turn) halt = stopPainting;
    else stopPainting();
  } catch (error) {
    failed(error);
  }
}

export function stop() {
  if (!isOn()) return;
  turn++;
  halt?.();
  halt = null;
  end(video.srcObject);
  video.srcObject = null;
  set(false);
}

function set(on) {
  const tools = find("#live-tools");
  const focused = tools.contains(document.activeElement);
  tools.hidden = !on;
  for (const name of OTHERS) find(name).disabled = on;
  // What had the focus is gone.
  if (on) find("#live-stop").focus();
  else if (focused) find("#camera").focus();
}
