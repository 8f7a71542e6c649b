// Files at the server: each is sent once, and then named.

import { reach, send } from "./http.js";

const MOST_MISSES = 3;

const uploads = new Map(); // by the file: {request, name}, name a promise
let misses = 0; // how often the server did not know a name

/**
 * Returns the server's name of a file. An upload goes on when the one who asked for it
 * asks no more: the next one finds it further on, or done.
 *
 * @param {Blob} file
 * @param {function(number)} onProgress called with the share that is sent
 * @param {AbortSignal} [signal]
 * @returns {Promise<string>}
 */
export function nameOf(file, onProgress, signal) {
  if (!uploads.has(file)) begin(file, onProgress);
  return abortable(uploads.get(file).name, signal);
}

/** Forgets the name of a file, because the server does not know it. */
export function forget(file) {
  misses++;
  uploads.delete(file);
}

/** Returns whether the server knows the names that it gave, as several in turn do not. */
export function isOfUse() {
  return misses < MOST_MISSES;
}

/** Forgets all files but these, and ends their uploads. */
export function stop(except = []) {
  for (const [file, { request }] of uploads) {
    if (except.includes(file)) continue;
    request.abort();
    uploads.delete(file);
  }
}

function begin(file, onProgress) {
  const upload = {};
  upload.name = send(() => post(file, upload, onProgress))
    .then((response) => reach(() => response.json()))
    .then(({ picture }) => picture);
  uploads.set(file, upload);
  upload.name.catch(() => {
    if (uploads.get(file) === upload) uploads.delete(file);
  });
}

/** Posts a file; only XMLHttpRequest tells how far it is. */
function post(file, upload, onProgress) {
  const request = (upload.request = new XMLHttpRequest());
  return new Promise((resolve, reject) => {
    request.upload.onprogress = ({ loaded, total }) => onProgress(loaded / total);
    request.onload = () => {
      const headers = { "Retry-After": request.getResponseHeader("Retry-After") ?? "" };
      const { responseText, status } = request;
      resolve(new Response(responseText, { status, headers }));
    };
    request.onerror = () => reject(new Error());
    request.onabort = () => reject(new DOMException("", "AbortError"));
    request.open("POST", "api/pictures");
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.send(file);
  });
}

function abortable(promise, signal) {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    const done = () => signal.removeEventListener("abort", abort);
    promise.then(resolve, reject).finally(done);
  });
}
