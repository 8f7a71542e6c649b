// Undo and redo: their buttons and keys.

import { find } from "./dom.js";
import { Steps } from "./steps.js";
import * as toast from "./toast.js";

let steps;
let apply;

/** Begins with a setting; `applySetting` is called with each one to return to. */
export function start(setting, applySetting) {
  steps = new Steps(setting);
  apply = applySetting;
  find("#undo").addEventListener("click", undo);
  find("#redo").addEventListener("click", redo);
  document.addEventListener("keydown", onKey);
  show();
}

/** Notes a new setting; see `Steps.note`. */
export function note(setting, group) {
  steps.note(setting, group);
  show();
}

/** Says what the latest step has replaced, and offers to take it back. */
export function offer(replaced) {
  toast.show(replaced, undo);
}

function undo() {
  go(steps.undo());
}

function redo() {
  go(steps.redo());
}

function go(setting) {
  apply(setting);
  show();
}

function onKey(event) {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
  const key = event.key.toLowerCase();
  const forth = key === "y" || (key === "z" && event.shiftKey);
  if (!forth && key !== "z") return;
  event.preventDefault();
  if (forth) redo();
  else undo();
}

function show() {
  toast.hide(undo); // it offers to take back an earlier step
  find("#undo").disabled = !steps.canUndo;
  find("#redo").disabled = !steps.canRedo;
}
