// A word about what has happened, with a button that does something about it, and notices
// about the picture's file, which stay until someone closes them.

import { find } from "./dom.js";
import * as messages from "./messages.js";
import { say } from "./words.js";

const SHOWN = 8000; // ms

const toast = find("#toast");
const words = find("#toast-text");
const button = find("#toast-act");

let timer = 0;
let word = ""; // what has happened, or is offered
let fleeting = false; // whether it goes by itself
let act = null; // what the button does
let notices = []; // texts

export function start() {
  // It waits for whoever is about to press its button.
  for (const name of ["pointerenter", "focusin"]) {
    toast.addEventListener(name, () => clearTimeout(timer));
  }
  for (const name of ["pointerleave", "focusout"]) toast.addEventListener(name, wait);
  button.addEventListener("click", () => {
    const chosen = act;
    hide(act);
    chosen();
  });
  find("#toast-close").addEventListener("click", () => {
    hide(act);
    forgetNotices();
  });
}

/** Shows what was replaced, for some time; `bringBack` brings it back. */
export function show(text, bringBack) {
  offer(text, say("undo"), bringBack);
  fleeting = true;
  wait();
}

/** Offers something until another word comes. */
export function offer(text, label, newAct) {
  [word, act, fleeting] = [text, newAct, false];
  button.textContent = label;
  messages.tell(text);
  place();
  update();
}

/** Adds notices about the picture's file. */
export function add(texts) {
  if (toast.hidden) place();
  notices = [...new Set([...notices, ...texts])];
  update();
  messages.tell(words.textContent);
}

/** Takes the notices away, for a new picture. */
export function forgetNotices() {
  notices = [];
  update();
}

/** Takes the word away whose button does something; notices stay. */
export function hide(done) {
  if (done !== act) return;
  [word, act] = ["", null];
  update();
}

function update() {
  words.textContent = [word, ...notices].filter(Boolean).join(" ");
  button.hidden = !act;
  find("#toast-close").hidden = !notices.length;
  toast.hidden = !words.textContent;
  wait();
}

/** Puts the toast where it can be pressed: a dialog leaves nothing behind it to press. */
function place() {
  const top = document.querySelector("dialog:modal:focus-within");
  const dialog = top ?? document.querySelector("dialog[open]");
  if (!dialog) return find("#alarm").after(toast);
  dialog.append(toast);
  dialog.addEventListener("close", place, { once: true });
}

function wait() {
  clearTimeout(timer);
  if (fleeting && !notices.length) timer = setTimeout(() => hide(act), SHOWN);
}
