// How far a job is, in words and as a bar.

import { make } from "../dom.js";
import { say, sayNumber } from "../words.js";

const MINUTE = 60; // s

/** Returns a sentence on a job's state. */
export function sentence(job) {
  const { state, progress, reason } = job;
  if (state === "failed") return say("job.reason", { reason });
  if (state !== "running" || !progress) return say(`job.${state}`);
  const phase = say(`job.phase.${progress.phase}`);
  if (!progress.of) return phase;
  const percent = Math.round((100 * progress.done) / progress.of);
  const values = { phase, percent, left: timeLeft(progress.seconds_left) };
  return say(values.left ? "job.left" : "job.share", values);
}

/** Returns the phase that a job is in, and how far it is there. */
export function briefly(job) {
  return sentence({ ...job, progress: job.progress && { ...job.progress, seconds_left: null } });
}

/** Shows in a progress element how far a job is. */
export function showBar(bar, { state, progress }) {
  bar.hidden = !["sending", "waiting", "running"].includes(state);
  if (progress?.of) [bar.max, bar.value] = [progress.of, progress.done];
  else bar.removeAttribute("value");
}

/** Returns a progress element for a job. */
export function makeBar(label) {
  return make("progress", { "aria-label": label });
}

function timeLeft(seconds) {
  if (seconds === null) return "";
  if (seconds < MINUTE) return say("job.seconds", { count: sayNumber(Math.ceil(seconds)) });
  return say("job.minutes", { count: sayNumber(Math.round(seconds / MINUTE)) });
}
