// How far a job is, in words and as a bar.

import { make } from "../dom.js";
import { say, sayNumber } from "../words.js";

const MINUTE = 60; // s

/** Returns a sentence on a job's state. */
export function sentence(job) {
  const { state, progress, reason, result } = job;
  if (state === "failed") return say(result === null ? "job.reason" : "job.partly", { reason });
  if (state !== "running" || !progress) return say(`job.${state}`);
  const phase = say(`job.phase.${progress.phase}`);
  if (!progress.of) return phase;
  const values = { phase, percent: percentOf(progress), left: timeLeft(progress.seconds_left) };
  return say(values.left ? "job.left" : "job.share", values);
}

/** Returns in a few words how far a training is. */
export function briefly({ progress }) {
  const percent = progress?.of ? percentOf(progress) : 0;
  return say(`teach.brief.${progress?.phase ?? "waiting"}`, { percent });
}

function percentOf({ done, of }) {
  return Math.round((100 * done) / of);
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
