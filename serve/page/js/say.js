// What is told in words: how it goes, and what went wrong.

import { find } from "./dom.js";

const quiet = find("#quiet");
const status = find("#status");
const alarm = find("#alarm");

export function start() {
  find("#alarm-close").addEventListener("click", () => calm());
}

/** Tells how it goes, to the eye and, unless it is fleeting, to a screen reader. */
export function say(text, { fleeting = false } = {}) {
  status.textContent = text;
  if (!fleeting) quiet.textContent = text;
}

/**
 * Tells what went wrong, until it is closed, or the next thing is tried.
 *
 * @param {Error} error
 * @param {string} doing what was being done, for `calm`
 */
export function warn(error, doing = "") {
  find("#alarm-text").textContent = error.message || String(error);
  alarm.dataset.doing = doing;
  alarm.hidden = false;
}

/** Takes back what went wrong: all of it, or when doing one thing. */
export function calm(doing) {
  if (doing === undefined || alarm.dataset.doing === doing) alarm.hidden = true;
}

export function seconds(ms) {
  return `${(ms / 1000).toFixed(ms < 100 ? 3 : 2)} s`;
}
