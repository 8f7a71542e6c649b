// A word about what has happened, with a button that does something about it.

import { find } from "./dom.js";
import * as messages from "./messages.js";
import { say } from "./words.js";

const SHOWN = 8000; // ms

const toast = find("#toast");
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

/** Offers something until another word comes. */
export function offer(text, label, newAct) {
  clearTimeout(timer);
  fleeting = false;
  act = newAct;
  find("#toast-text").textContent = text;
  messages.tell(text);
  button.textContent = label;
  toast.hidden = false;
}

function wait() {
  clearTimeout(timer);
  if (fleeting) timer = setTimeout(() => hide(act), SHOWN);
}

/** Takes the word away whose button does something. */
export function hide(done) {
  if (done === act) toast.hidden = true;
}
