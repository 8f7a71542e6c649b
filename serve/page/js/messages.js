// Messages: the progress, and what went wrong.

import { find } from "./dom.js";
import { say, sayNumber } from "./words.js";

const quiet = find("#quiet"); // read by screen readers
const status = find("#status");
const alarm = find("#alarm");
const retryButton = find("#alarm-retry");

let retry = null; // what the button of the error does
let usual = null; // the text in whose place a progress stands

export function start() {
  find("#alarm-close").addEventListener("click", () => dismiss());
  retryButton.addEventListener("click", () => retry());
}

/** Shows a message; screen readers read it too unless it is fleeting. */
export function show(text, { fleeting = false } = {}) {
  status.textContent = text;
  usual = null;
  if (!fleeting) tell(text);
}

/** Has screen readers read a message that is shown elsewhere. */
export function tell(text) {
  quiet.textContent = text;
}

/** Shows how far something is, from 0 to 1; at the end what was there before. */
export function showProgress(text, share) {
  const before = usual ?? status.textContent;
  const percent = Math.round(100 * share);
  const progress = say("message.progress", { text, percent });
  show(share < 1 ? progress : before, { fleeting: true });
  usual = share < 1 ? before : null;
}

/**
 * Shows an error until someone closes it or starts something else.
 *
 * @param {Error} error
 * @param {string} activity what failed, for `dismiss`
 * @param {function()} [again] tries it again, for a button
 */
export function warn(error, activity = "", again = null) {
  retry = again;
  retryButton.hidden = !again;
  find("#alarm-text").textContent = error.message || String(error);
  alarm.dataset.activity = activity;
  alarm.hidden = false;
  tell(""); // what came before has failed
}

/** Hides the error; given an activity, only an error of that activity. */
export function dismiss(activity) {
  if (activity === undefined || alarm.dataset.activity === activity) alarm.hidden = true;
}

/** Returns the time as text. */
export function seconds(ms) {
  return say("message.seconds", { number: sayNumber(ms / 1000, ms < 100 ? 3 : 2) });
}
