// What this browser had the server do: the jobs that it began, and the styles they learn.

const MOST = 200; // of each list, the latest ones

const known = { jobs: [], learned: [] }; // as kept, for a browser that keeps no more

/** Notes a job that this browser has begun. */
export function note({ id, settings }) {
  add("jobs", id);
  if (settings.name) add("learned", settings.name);
}

/** Returns whether this browser has begun a job. */
export function isMine({ id }) {
  return read("jobs").includes(id);
}

/** Returns whether this browser had a style learned. */
export function hasLearned({ name }) {
  return read("learned").includes(name);
}

function add(list, value) {
  const others = read(list).filter((other) => other !== value);
  known[list] = [...others, value].slice(-MOST);
  try {
    localStorage[list] = JSON.stringify(known[list]);
  } catch {
    // They last as long as the page.
  }
}

/** Returns what is kept, which another tab may have changed, and what is known here. */
function read(list) {
  try {
    const kept = JSON.parse(localStorage[list]);
    if (Array.isArray(kept)) return [...new Set([...kept, ...known[list]])];
  } catch {
    // Nothing is kept.
  }
  return known[list];
}
