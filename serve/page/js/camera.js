// The camera: a photograph of it, or all it sees.

import { find } from "./dom.js";
import { drawn, encoded } from "./picture.js";

const REASONS = {
  NotAllowedError: "The browser may not use the camera. Allow it beside the address, or choose a file.",
  NotFoundError: "There is no camera. Connect one, or choose a file.",
  NotReadableError: "The camera is in use elsewhere. Close what uses it, and try again.",
};
const INSECURE = "The browser gives the camera only to pages of this computer, or by https.";

const dialog = find("#camera-dialog");
const video = find("#camera-video");
const shutter = find("#camera-shutter");
const live = find("#camera-live");
const message = find("#camera-message");

let turn = 0; // counts openings: one may be over before its stream comes

/** Calls `take` with each photograph's file, `goLive` with a stream to be painted. */
export function start(take, goLive) {
  find("#camera").addEventListener("click", open);
  find("#camera-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", stop);
  shutter.addEventListener("click", async () => {
    const file = await photograph(video);
    dialog.close();
    take(file);
  });
  live.addEventListener("click", () => {
    const stream = video.srcObject;
    video.srcObject = null; // so that closing does not end it
    dialog.close();
    goLive(stream);
  });
}

/** Gives a video's present frame as a file. */
export async function photograph(video) {
  const sides = [video.videoWidth, video.videoHeight];
  const blob = await encoded(drawn(video, sides), "jpeg");
  return new File([blob], "camera.jpg", { type: "image/jpeg" });
}

async function open() {
  const mine = ++turn;
  shutter.disabled = live.disabled = true;
  message.textContent = "Waiting for the camera …";
  dialog.showModal();
  try {
    if (!navigator.mediaDevices) throw new Error(INSECURE);
    const wish = { width: { ideal: 1920 }, height: { ideal: 1080 } };
    const stream = await navigator.mediaDevices.getUserMedia({ video: wish });
    if (mine !== turn) return end(stream);
    video.srcObject = stream;
    await video.play();
    message.textContent = "";
    shutter.disabled = live.disabled = false;
    shutter.focus();
  } catch (error) {
    if (mine === turn) message.textContent = REASONS[error.name] ?? error.message;
  }
}

function stop() {
  turn++;
  if (video.srcObject) end(video.srcObject);
  video.srcObject = null;
}

/** Lets go of the camera. */
export function end(stream) {
  for (const track of stream.getTracks()) track.stop();
}
