// The camera: takes a photograph, or passes its stream on.

import { encode, resize } from "./canvas.js";
import { find } from "./dom.js";
import { say } from "./words.js";

const REASONS = ["NotAllowedError", "NotFoundError", "NotReadableError"];

const dialog = find("#camera-dialog");
const video = find("#camera-video");
const shutter = find("#camera-shutter");
const live = find("#camera-live");
const message = find("#camera-message");

let opening = 0; // counts how often it was opened: a stream may come after the closing

/** Calls `take` with the file of each photograph, `goLive` with a stream to paint. */
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
    video.srcObject = null; // so that closing the dialog does not end the stream
    dialog.close();
    goLive(stream);
  });
}

/** Returns the current frame of a video as a file. */
export async function photograph(video) {
  const canvas = resize(video, [video.videoWidth, video.videoHeight]);
  return new File([await encode(canvas, "jpeg")], "camera.jpg", { type: "image/jpeg" });
}

/** Ends a camera's stream. */
export function end(stream) {
  for (const track of stream.getTracks()) track.stop();
}

async function open() {
  const number = ++opening;
  shutter.disabled = live.disabled = true;
  message.textContent = say("camera.waiting");
  dialog.showModal();
  try {
    if (!navigator.mediaDevices) throw new Error(say("camera.insecure"));
    const size = { width: { ideal: 1920 }, height: { ideal: 1080 } };
    const stream = await navigator.mediaDevices.getUserMedia({ video: size });
    if (number !== opening) return end(stream);
    video.srcObject = stream;
    await video.play();
    message.textContent = "";
    shutter.disabled = live.disabled = false;
    shutter.focus();
  } catch (error) {
    if (number !== opening) return;
    const known = REASONS.includes(error.name);
    message.textContent = known ? say(`camera.${error.name}`) : error.message;
  }
}

function stop() {
  opening++;
  if (video.srcObject) end(video.srcObject);
  video.srcObject = null;
}
