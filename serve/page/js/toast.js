// A word about what has happened, with a button that does something about it.

import { find } from "./dom.js";
import * as messages from "./messages.js";
import { say } from "./words.js";

const SHOWN = 8000; // ms

const toast = find("#toast");
const words = find("#toast-text");
const button = find("#toast-act");

let timer = 0;
let fleeting = false; // whether it goes by itself
let act; // what the button does

export function start() {
  // It waits for whoever is about to press its button.
  for (const name of ["pointerenter", "focusin"]) {
    toast.addEventListener(name, () => clearTimeout(timer));
  }
  for (const name of ["pointerleave", "focusout"]) toast.addEventListener(name, wait);
  button.addEventListener("click", () => {
    hide(act);
    act();
  });
}

/** Shows what was replaced, for some time; `bringBack` brings it back. */
export function show(text, bringBack) {
  offer(text, say("undo"), bringBack);
  fleeting = true;
  wait();
}

/** Says something for some time, after what is said already. */
export function add(text) {
  if (toast.hidden) {
    offer(text, "", null);
    fleeting = true;
  } else {
    words.textContent += ` ${text}`;
    messages.tell(words.textContent);
  }
  wait();
}

/** Offers something until another word comes. */
export function offer(text, label, newAct) {
  clearTimeout(timer);
  fleeting = false;
  act = newAct;
  words.textContent = text;
  messages.tell(text);
  button.textContent = label;
  button.hidden = !label;
  place();
  toast.hidden = false;
}

/** Puts the toast where it can be pressed: a dialog leaves nothing behind it to press. */
function place() {
  const dialog = document.querySelector("dialog[open]");
  if (!dialog) return find("#alarm").after(toast);
  dialog.append(toast);
  dialog.addEventListener("close", place, { once: true });
}

function wait() {
  clearTimeout(timer);
  if (fleeting) timer = setTimeout(() => hide(act), SHOWN);
}

/** Takes the word away whose button does something. */
export function hide(done) {
  if (done === act) toast.hidden = true;
}
