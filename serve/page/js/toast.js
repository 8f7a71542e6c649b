// A word about what has happened, with a button that does something about it.

import { find } from "./dom.js";
import { say } from "./words.js";

const SHOWN = 8000; // ms

const toast = find("#toast");
const button = find("#toast-act");

let timer = 0;

let act; // what the button does

export function start() {
  button.addEventListener("click", () => {
    hide();
    act();
  });
}

/** Shows what was replaced, for some time; `bringBack` brings it back. */
export function show(text, bringBack) {
  offer(text, say("undo"), bringBack);
  timer = setTimeout(hide, SHOWN);
}

/** Offers something until another word comes. */
export function offer(text, label, newAct) {
  clearTimeout(timer);
  act = newAct;
  find("#toast-text").textContent = text;
  button.textContent = label;
  toast.hidden = false;
}

export function hide() {
  toast.hidden = true;
}
