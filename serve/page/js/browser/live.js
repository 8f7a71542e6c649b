// A video, painted frame by frame.

import { reduced } from "../settings.js";

const SIZE = 256; // px, the longer side
const COUNTED = 10; // frames, over which the rate is averaged

/**
 * Paints a video's frames onto a canvas until it is stopped.
 *
 * The next frame is taken when the last one is painted; frames in between are dropped.
 *
 * @param {HTMLVideoElement} video a video that plays
 * @param {HTMLCanvasElement} canvas gets the frames and their size
 * @param backend see browser.js
 * @param {function(): object} settings returns the current settings
 * @param {function(number)} onFrame called after each frame with the frames per second
 * @param {function(Error)} onError called when a frame fails, which is the last one
 * @returns {Promise<function()>} a function that stops, once the first frame is painted
 */
export async function start(video, canvas, backend, settings, onFrame, onError) {
  let running = true;
  const times = [];
  const frame = document.createElement("canvas");
  const source = { preview: true, pixels: async () => grab(video, frame) };

  async function paint() {
    const look = reduced(settings(), SIZE / Math.max(video.videoWidth, video.videoHeight));
    const { image } = await backend.paint(source, look);
    if (!running) return;
    canvas.width = image.width;
    canvas.height = image.height;
    canvas.getContext("2d").putImageData(image, 0, 0);
    times.push(performance.now());
    if (times.length > COUNTED + 1) times.shift();
    const [first, last] = [times[0], times.at(-1)];
    onFrame(last > first ? (1000 * (times.length - 1)) / (last - first) : 0);
  }

  async function paintAll() {
    try {
      while (running) {
        await nextFrame(video);
        if (running) await paint();
      }
    } catch (error) {
      running = false;
      onError(error);
    }
  }

  await paint();
  paintAll();
  return () => {
    running = false;
  };
}

function nextFrame(video) {
  return new Promise((resolve) => {
    if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(resolve);
    else requestAnimationFrame(resolve);
  });
}

function grab(video, frame) {
  const scale = SIZE / Math.max(video.videoWidth, video.videoHeight);
  frame.width = Math.round(video.videoWidth * scale);
  frame.height = Math.round(video.videoHeight * scale);
  const context = frame.getContext("2d", { willReadFrequently: true });
  context.drawImage(video, 0, 0, frame.width, frame.height);
  return context.getImageData(0, 0, frame.width, frame.height);
}
