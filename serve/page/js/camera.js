// The camera: takes a photograph, or passes its stream on.

import { encode, resize } from "./canvas.js";
import { find } from "./dom.js";
import { say } from "./words.js";

const REASONS = ["NotAllowedError", "NotFoundError", "NotReadableError"]; // words has them
const BACK = "environment"; // what a camera is called that looks away from its user
const FRONT = "user";
const SCREEN = { width: { ideal: 1920 }, height: { ideal: 1080 } }; // px of its stream

const dialog = find("#camera-dialog");
const video = find("#camera-video");
const shutter = find("#camera-shutter");
const live = find("#camera-live");
const turn = find("#camera-turn");
const message = find("#camera-message");

let opening = 0; // counts how often it was opened: a stream may come after the closing
let wanted = { facingMode: { ideal: BACK } }; // which camera, as getUserMedia takes it

/** Calls `take` with the file of each photograph, `goLive` with a stream to paint. */
export function start(take, goLive) {
  find("#camera").addEventListener("click", open);
  find("#camera-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", stop);
  shutter.addEventListener("click", async () => {
    enable(false);
    const file = await photograph(video);
    if (!dialog.open) return;
    dialog.close();
    take(file);
  });
  live.addEventListener("click", () => {
    const stream = video.srcObject;
    video.srcObject = null; // so that closing the dialog does not end the stream
    dialog.close();
    goLive(stream);
  });
  turn.addEventListener("click", async () => {
    wanted = await nextCamera(video.srcObject);
    stop();
    connect();
  });
}

/** Returns a photograph as a file: as large as the camera takes them, or a video's frame. */
export async function photograph(video) {
  const blob = (await takePhoto(video.srcObject)) ?? (await grabFrame(video));
  const suffix = blob.type === "image/png" ? "png" : "jpg";
  return new File([blob], `camera.${suffix}`, { type: blob.type });
}

/** Ends a camera's stream. */
export function end(stream) {
  for (const track of stream.getTracks()) track.stop();
}

function open() {
  dialog.showModal();
  turn.hidden = true;
  connect();
}

async function connect() {
  const number = ++opening;
  enable(false);
  message.textContent = say("camera.waiting");
  try {
    if (!navigator.mediaDevices) throw new Error(say("camera.insecure"));
    const constraints = { video: { ...SCREEN, ...wanted } };
    const stream = await navigator.mediaDevices.getUserMedia(constraints);
    if (number !== opening) return end(stream);
    video.srcObject = stream;
    video.classList.toggle("mirrored", facingOf(stream) === FRONT);
    await video.play();
    message.textContent = "";
    enable(true);
    shutter.focus();
    turn.hidden = (await cameras()).length < 2;
  } catch (error) {
    if (number !== opening) return;
    const known = REASONS.includes(error.name);
    message.textContent = known ? say(`camera.${error.name}`) : error.message;
  }
}

function enable(ready) {
  for (const button of [shutter, live, turn]) button.disabled = !ready;
}

function stop() {
  opening++;
  if (video.srcObject) end(video.srcObject);
  video.srcObject = null;
}

async function cameras() {
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices.filter(({ kind }) => kind === "videoinput");
}

/** Returns the other side's camera of a phone; elsewhere the next of all. */
async function nextCamera(stream) {
  const facing = facingOf(stream);
  if (facing) return { facingMode: { ideal: facing === FRONT ? BACK : FRONT } };
  const ids = (await cameras()).map(({ deviceId }) => deviceId);
  const [{ deviceId }] = stream.getVideoTracks().map((track) => track.getSettings());
  return { deviceId: ids[(ids.indexOf(deviceId) + 1) % ids.length] };
}

function facingOf(stream) {
  return stream.getVideoTracks()[0].getSettings().facingMode;
}

/** Returns the file of a photograph, null where this browser takes none. */
async function takePhoto(stream) {
  try {
    return await new ImageCapture(stream.getVideoTracks()[0]).takePhoto();
  } catch {
    return null;
  }
}

function grabFrame(video) {
  return encode(resize(video, [video.videoWidth, video.videoHeight]), "jpeg");
}
