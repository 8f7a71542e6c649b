// The strip of the latest results: a click goes back to one, and a pin keeps it.

import { encode, makeCanvas } from "./canvas.js";
import { describeBoth } from "./describing.js";
import { find, make } from "./dom.js";
import { BUDGET, keep, keepFile, keepOnly, recall, recallFile } from "./keeping.js";
import { isWhole } from "./strokes.js";
import { say } from "./words.js";

const MOST = 20; // results; those that are pinned stay beyond that
const SIDE = 112; // px
const PAUSE = 5000; // ms, within which moves of the same styles are one result

const list = find("#result-list");

let book = { entries: [] }; // the latest first: {target, key, time, thumb, pinned, url}
let current = null;
let goTo;

/** Begins with what an earlier load kept; `go` is called with a result to return to. */
export async function start(go) {
  goTo = go;
  for (const { picture, target, ...rest } of (await recall("strip")) ?? []) {
    const file = await recallFile(picture);
    if (file) book.entries.push(makeEntry({ ...rest, target: { ...target, file } }));
  }
  show();
}

/**
 * Adds a result, unless it is there.
 *
 * @param {object} target what `go` needs to return to it
 * @param {CanvasImageSource} image
 */
export async function note(target, image) {
  const known = entryOf(target);
  const entry = known ?? { target, time: Date.now(), pinned: false };
  current = entry; // it may be another before the thumbnail is there
  if (!known) {
    const mine = book;
    const thumb = await encode(cover(image), "jpeg");
    if (book !== mine) return; // someone began anew or went back
    Object.assign(entry, makeEntry({ ...entry, thumb }));
    const [latest] = book.entries;
    if (latest && goesOn(latest, entry)) remove(latest);
    book.entries.unshift(entry);
    const loose = book.entries.filter(({ pinned }) => !pinned);
    for (const entry of loose.slice(MOST)) remove(entry);
  }
  show();
  await keepAll();
}

/** Marks the result of a target as the one that is shown, or none. */
export function mark(target) {
  if (entryOf(target) === current) return;
  current = entryOf(target);
  show();
}

/** Returns all results, for `open`. */
export function get() {
  return book;
}

/** Shows what `get` returned; null is for no results yet. */
export function open(newBook) {
  if (newBook === book) return;
  book = newBook ?? { entries: [] };
  show();
  keepAll();
}

function entryOf(target) {
  const key = keyOf(target);
  return book.entries.find((entry) => entry.key === key && entry.target.file === target.file);
}

function makeEntry(entry) {
  return { ...entry, key: keyOf(entry.target), url: URL.createObjectURL(entry.thumb) };
}

function keyOf({ settings, rest, size, strokes }) {
  return JSON.stringify([settings, rest, size, strokes]);
}

function goesOn(one, other) {
  const styles = ({ target }) => Object.keys(target.settings.styles).join();
  const same = styles(one) === styles(other) && one.target.file === other.target.file;
  return same && !one.pinned && other.time - one.time < PAUSE;
}

function remove(entry) {
  book.entries = book.entries.filter((other) => other !== entry);
  URL.revokeObjectURL(entry.url);
}

/** Returns the middle of an image, as large as it is shown. */
function cover(image) {
  const { width, height } = image;
  const side = Math.min(width, height);
  const canvas = makeCanvas(SIDE, SIDE);
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  const corner = [(width - side) / 2, (height - side) / 2];
  context.drawImage(image, ...corner, side, side, 0, 0, SIDE, SIDE);
  return canvas;
}

function show() {
  find("#results").hidden = !book.entries.length;
  list.replaceChildren(...book.entries.map(makeItem));
}

function makeItem(entry, i) {
  const { settings, rest, strokes } = entry.target;
  const look = describeBoth(settings, isWhole(strokes) ? null : rest);
  const label = say("results.go", { number: i + 1, look });
  const image = make("img", { src: entry.url, alt: "", width: 56, height: 56 });
  const attributes = { type: "button", title: label, "aria-label": label };
  const isCurrent = entry === current;
  const button = make("button", { ...attributes, "aria-current": isCurrent && "true" }, image);
  button.addEventListener("click", () => goTo(entry.target));
  const pin = make(
    "button",
    { type: "button", class: "pin", "aria-pressed": String(entry.pinned) },
    say("results.pin"),
  );
  pin.addEventListener("click", () => {
    entry.pinned = !entry.pinned;
    pin.setAttribute("aria-pressed", entry.pinned);
    keepAll();
  });
  pin.hidden = !isCurrent;
  return make("li", { class: entry.pinned && "pinned" }, button, pin);
}

/** Keeps the results for the next load, as far as there is room for their pictures. */
async function keepAll() {
  const mine = book;
  const kept = [];
  const files = new Set();
  for (const { target, time, thumb, pinned } of book.entries) {
    const { file, ...rest } = target;
    const bytes = [...new Set([...files, file])].reduce((sum, { size }) => sum + size, 0);
    if (bytes > BUDGET) continue;
    files.add(file);
    kept.push({ picture: await keepFile(file), target: rest, time, thumb, pinned });
  }
  if (book !== mine) return;
  await keep("strip", kept);
  await keepOnly(kept.map(({ picture }) => picture));
}
