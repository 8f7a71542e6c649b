// Requests to the server: sent again while it is busy, and their errors.

import { say } from "./words.js";

const ATTEMPTS = 4;
const LONGEST_WAIT = 5; // seconds
const AWAY = [502, 503, 504];

/** Fetches a file of the server, as "json" or as "blob". */
export async function get(path, type) {
  const response = await reach(() => fetch(path));
  if (!response.ok) throw await errorOf(response);
  return reach(() => response[type]());
}

/**
 * Sends a request, and again while the server is busy.
 *
 * @param {function(): Promise<Response>} request
 * @param {AbortSignal} [signal] ends the waits in between
 * @returns {Promise<Response>} that is ok
 * @throws {Error} with `status` and the server's own `text`, if it answered; `away` says
 *   that it may help to send the request later
 */
export async function send(request, signal) {
  for (let attempt = 1; ; attempt++) {
    const response = await reach(request);
    if (response.ok) return response;
    if (response.status !== 503 || attempt === ATTEMPTS) throw await errorOf(response);
    await pause(response.headers.get("Retry-After"), signal);
  }
}

/** Returns what a step of a request gives; its failure means that the server is away. */
export async function reach(step) {
  try {
    return await step();
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw Object.assign(new Error(say("server.away")), { away: true });
  }
}

async function errorOf(response) {
  const { status } = response;
  const text = await textOf(response);
  return Object.assign(new Error(meaning(status, text)), {
    ...{ status, text },
    away: AWAY.includes(status),
  });
}

/** Returns in this page's language what an error of the server means. */
function meaning(status, text) {
  if (text && status === 413) return say("server.large", { text });
  if (text && status === 503) return say("server.busy", { text });
  if (text && status < 500) return say("server.refused", { text });
  return say("server.answered", { status });
}

/** Returns what the server says of an error, in English, or nothing. */
async function textOf(response) {
  try {
    return (await response.json()).error || "";
  } catch {
    return ""; // a proxy answered with a page of its own
  }
}

function pause(seconds, signal) {
  const wait = 1000 * Math.min(Number(seconds) || 1, LONGEST_WAIT);
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, wait);
    signal?.addEventListener("abort", stop, { once: true });
  });
}
