// A word about what has been replaced, with a button that brings it back.

import { find } from "./dom.js";

const SHOWN = 8000; // ms

const toast = find("#toast");

let timer = 0;

let undo; // what the button does

export function start() {
  find("#toast-undo").addEventListener("click", () => {
    hide();
    undo();
  });
}

/** Shows what was replaced, for some time; `bringBack` brings it back. */
export function show(text, bringBack) {
  undo = bringBack;
  find("#toast-text").textContent = text;
  toast.hidden = false;
  clearTimeout(timer);
  timer = setTimeout(hide, SHOWN);
}

export function hide() {
  toast.hidden = true;
}
