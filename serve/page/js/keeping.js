// What a tab keeps in this browser for its next load: the picture, and its mask.
//
// IndexedDB holds it, for the latest tabs alone and for a day. Where a browser keeps
// nothing, the page works on without it.

const STORE = "parts"; // {tab, part, time, data}
const TABS = 3;
const LONGEST = 24 * 3600 * 1000; // ms
const MOST = 64_000_000; // bytes of a picture's file
const PATIENCE = 2000; // ms, for a browser whose database does not answer

const tab = nameOfTab();
let database = null; // the promise of it

/** Keeps a part, "picture" (a file) or "state", in place of the earlier one. */
export async function keep(part, data) {
  const small = !(data instanceof Blob) || data.size <= MOST;
  const record = { tab, part, time: Date.now(), data: small ? data : null };
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

/** Forgets all tabs but the latest, and what is older than a day. */
export async function prune() {
  const records = (await attempt("readonly", (store) => store.getAll())) ?? [];
  records.sort((one, other) => other.time - one.time);
  const tabs = [...new Set([tab, ...records.map((record) => record.tab)])];
  const latest = tabs.slice(0, TABS);
  const oldest = Date.now() - LONGEST;
  for (const { tab, part, time } of records) {
    if (latest.includes(tab) && time > oldest) continue;
    await attempt("readwrite", (store) => store.delete([tab, part]));
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
