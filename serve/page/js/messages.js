// Messages: the progress, and what went wrong.

import { find } from "./dom.js";

const quiet = find("#quiet"); // read by screen readers
const status = find("#status");
const alarm = find("#alarm");

export function start() {
  find("#alarm-close").addEventListener("click", () => dismiss());
}

/** Shows a message; screen readers read it too unless it is fleeting. */
export function show(text, { fleeting = false } = {}) {
  status.textContent = text;
  if (!fleeting) quiet.textContent = text;
}

/**
 * Shows an error until someone closes it or starts something else.
 *
 * @param {Error} error
 * @param {string} activity what failed, for `dismiss`
 */
export function warn(error, activity = "") {
  find("#alarm-text").textContent = error.message || String(error);
  alarm.dataset.activity = activity;
  alarm.hidden = false;
}

/** Hides the error; given an activity, only an error of that activity. */
export function dismiss(activity) {
  if (activity === undefined || alarm.dataset.activity === activity) alarm.hidden = true;
}

/** Returns the time as text. */
export function seconds(ms) {
  return `${(ms / 1000).toFixed(ms < 100 ? 3 : 2)} s`;
}
