// What a tab keeps in this browser for its next load: pictures, mask and results.
//
// IndexedDB holds it, for the latest tabs alone and for a day. Where a browser keeps
// nothing, the page works on without it.

export const BUDGET = 64_000_000; // bytes of a tab's pictures

const STORE = "parts"; // {tab, part, time, data}
const TABS = 3;
const LONGEST = 24 * 3600 * 1000; // ms
const PATIENCE = 2000; // ms, for a browser whose database does not answer
const FILE = "file "; // how the parts that are pictures begin

const tab = nameOfTab();
const parts = new WeakMap(); // the parts of files
const kept = new Map(); // the promises of the files that are kept, by their parts
const files = new Map(); // the promises of files that were recalled, by their parts
let database = null; // the promise of it
let current = null; // the part of the current picture

/** Keeps a part in place of the earlier one. */
export async function keep(part, data) {
  const record = { tab, part, time: Date.now(), data };
  await attempt("readwrite", (store) => store.put(record));
}

/** Returns a part as it was kept, or null. */
export async function recall(part) {
  const record = await Promise.race([
    attempt("readonly", (store) => store.get([tab, part])),
    new Promise((resolve) => setTimeout(resolve, PATIENCE)),
  ]);
  return record?.data ?? null;
}

/** Keeps a picture's file while it is not kept; returns the promise of its part. */
export async function keepFile(file) {
  const part = partOf(file);
  if (!kept.has(part)) kept.set(part, file.size <= BUDGET ? keep(part, file) : null);
  await kept.get(part);
  return part;
}

/** Keeps a file as the one that the next load opens. */
export async function keepPicture(file) {
  current = partOf(file); // at once, or `keepOnly` would forget the file meanwhile
  await keepFile(file);
  await keep("picture", current);
}

/** Returns a part that is a file, each time the same one, or null. */
export async function recallFile(part) {
  if (!part) return null;
  if (!files.has(part)) files.set(part, recall(part));
  const file = await files.get(part);
  if (file) {
    parts.set(file, part);
    kept.set(part, null);
  }
  return file;
}

/** Returns the file that the next load is to open, or null. */
export async function recallPicture() {
  current = await recall("picture");
  return recallFile(current);
}

/** Forgets this tab's pictures but these and the current one. */
export async function keepOnly(used) {
  await remove(({ tab: owner, part }) => {
    const isUsed = part === current || used.includes(part);
    return owner === tab && part.startsWith(FILE) && !isUsed;
  });
}

/** Forgets all tabs but the latest, and what is older than a day. */
export async function prune() {
  const records = (await attempt("readonly", (store) => store.getAll())) ?? [];
  records.sort((one, other) => other.time - one.time);
  const tabs = [...new Set([tab, ...records.map((record) => record.tab)])];
  const latest = tabs.slice(0, TABS);
  const oldest = Date.now() - LONGEST;
  await remove(({ tab: owner, time }) => {
    return !latest.includes(owner) || (owner !== tab && time <= oldest);
  });
}

function partOf(file) {
  const random = () => crypto.getRandomValues(new Uint32Array(2)).join("-");
  if (!parts.has(file)) parts.set(file, `${FILE}${random()}`);
  return parts.get(file);
}

async function remove(isOver) {
  const records = (await attempt("readonly", (store) => store.getAll())) ?? [];
  for (const { tab: owner, part } of records.filter(isOver)) {
    kept.delete(part);
    await attempt("readwrite", (store) => store.delete([owner, part]));
  }
}

async function attempt(mode, request) {
  try {
    database ??= open();
    const transaction = (await database).transaction(STORE, mode);
    return await finished(request(transaction.objectStore(STORE)));
  } catch {
    return null; // private windows and full disks refuse
  }
}

function open() {
  const opening = indexedDB.open("fast_style", 1);
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore(STORE, { keyPath: ["tab", "part"] });
  };
  return finished(opening);
}

function finished(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function nameOfTab() {
  const name = `${Date.now()}-${Math.random()}`;
  try {
    return (sessionStorage.tab ??= name);
  } catch {
    return name;
  }
}
