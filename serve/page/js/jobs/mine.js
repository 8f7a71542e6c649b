// What this browser had the server do: the jobs that it began, and the styles they learn.

const MOST = 200; // jobs, the latest ones

let known = []; // {id, style}, where the browser keeps nothing

/** Notes a job that this browser has begun. */
export function note({ id, settings }) {
  known = [...read(), { id, style: settings.name }].slice(-MOST);
  try {
    localStorage.jobs = JSON.stringify(known);
  } catch {
    // They last as long as the page.
  }
}

/** Returns whether this browser has begun a job. */
export function isMine({ id }) {
  return read().some((job) => job.id === id);
}

/** Returns whether this browser had a style learned. */
export function hasLearned({ name }) {
  return read().some(({ style }) => style === name);
}

function read() {
  try {
    return JSON.parse(localStorage.jobs);
  } catch {
    return known;
  }
}
