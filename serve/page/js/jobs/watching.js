// This browser's jobs at the server, looked at again and again while one is open.

import { isMine } from "./mine.js";
import * as requests from "./requests.js";

const PAUSE = 1000; // ms
const OPEN = ["sending", "waiting", "running"];

const watchers = [];

let jobs = [];
let timer = 0;

/** Calls `watcher` with these jobs whenever they were looked at. */
export function watch(watcher) {
  watchers.push(watcher);
}

/** Looks at the jobs now, and goes on as long as one is open. */
export async function look() {
  clearTimeout(timer);
  try {
    jobs = (await requests.list()).filter(isMine);
  } catch (error) {
    if (!error.away) return;
  }
  for (const watcher of watchers) watcher(jobs);
  clearTimeout(timer);
  if (jobs.some(isOpen)) timer = setTimeout(look, PAUSE);
}

/** Returns whether a job has not ended. */
export function isOpen({ state }) {
  return OPEN.includes(state);
}
