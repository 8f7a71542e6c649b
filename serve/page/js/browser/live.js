// A camera's picture, painted as it comes.

const SIZE = 256; // px, the longer side
const COUNTED = 10; // frames that the rate is a mean of

/**
 * Paints a video's frames onto a canvas until it is stopped.
 *
 * A frame is taken when the one before is painted; those between are dropped.
 *
 * @param {HTMLVideoElement} video one that plays
 * @param {HTMLCanvasElement} canvas is given the frames' size
 * @param backend see browser.js
 * @param {function(): object} settings gives those of the moment
 * @param {function(number)} onFrame told the frames per second, after each
 * @param {function(Error)} onError told why it stopped, if not by `stop`
 * @returns {Promise<function()>} stops it; comes when the first frame is painted
 */
export async function start(video, canvas, backend, settings, onFrame, onError) {
  let running = true;
  const times = [];
  const still = document.createElement("canvas");
  const source = { preview: true, pixels: async () => grab(video, still) };

  async function paint() {
    const { image } = await backend.paint(source, settings());
    if (!running) return;
    canvas.width = image.width;
    canvas.height = image.height;
    canvas.getContext("2d").putImageData(image, 0, 0);
    times.push(performance.now());
    if (times.length > COUNTED + 1) times.shift();
    const [first, last] = [times[0], times.at(-1)];
    onFrame(last > first ? (1000 * (times.length - 1)) / (last - first) : 0);
  }

  async function go() {
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
  go();
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

function grab(video, still) {
  const scale = SIZE / Math.max(video.videoWidth, video.videoHeight);
  still.width = Math.round(video.videoWidth * scale);
  still.height = Math.round(video.videoHeight * scale);
  const context = still.getContext("2d", { willReadFrequently: true });
  context.drawImage(video, 0, 0, still.width, still.height);
  return context.getImageData(0, 0, still.width, still.height);
}
