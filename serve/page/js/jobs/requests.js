// What the page asks the server about jobs.

import { reach, send } from "../http.js";
import { note } from "./mine.js";

const PART = 4_000_000; // bytes of a file that are sent at a time

/** Returns all jobs, the newest first. */
export async function list() {
  return (await ask("GET", "")).jobs;
}

/** Ends a job that is open. */
export function cancel(id) {
  return ask("POST", `/${id}/cancel`);
}

/** Removes a job that has ended. */
export function remove(id) {
  return ask("DELETE", `/${id}`);
}

/** Gives the server its token, which this browser then remembers. */
export function enter(token) {
  return ask("POST", "/session", { token });
}

/** Returns where a job's result is. */
export function resultOf({ id }) {
  return `api/jobs/${id}/result`;
}

/** Returns where a file is that was sent, until its job has ended. */
export function fileOf({ id }, number) {
  return `api/jobs/${id}/files/${number}`;
}

/** Returns where the photograph is as a training paints it; it is new at every step. */
export function sampleOf({ id, progress }) {
  return `api/jobs/${id}/sample?step=${progress.done}`;
}

/**
 * Begins a job and sends its files.
 *
 * @param {string} kind
 * @param {object} settings
 * @param {File[]} files
 * @param {function(number)} onProgress called with the share that is sent
 * @returns {Promise<object>} the job
 */
export async function begin(kind, settings, files, onProgress) {
  const announced = files.map(({ name, size }) => ({ name, size }));
  let job = await ask("POST", "", { kind, settings, files: announced });
  note(job);
  const all = files.reduce((sum, { size }) => sum + size, 0);
  let sent = 0;
  for (const [number, file] of files.entries()) {
    for (let offset = 0; offset < file.size; offset += PART) {
      const part = file.slice(offset, offset + PART);
      job = await sendPart(`/${job.id}/files/${number}?offset=${offset}`, part);
      onProgress((sent += part.size) / all);
    }
  }
  return job;
}

function sendPart(path, part) {
  const headers = { "Content-Type": "application/octet-stream" };
  return answer(path, { method: "PUT", headers, body: part });
}

function ask(method, path, content) {
  const body = content && JSON.stringify(content);
  const headers = content ? { "Content-Type": "application/json" } : {};
  return answer(path, { method, headers, body });
}

async function answer(path, options) {
  const response = await send(() => fetch(`api/jobs${path}`, options));
  return reach(() => response.json());
}
