// The ways in for a picture's file: chosen, dropped or pasted.

import { find } from "./dom.js";

/** Calls `take` with each file, and how many came with it that are not taken. */
export function start(take) {
  const chooser = find("#file");
  find("#choose").addEventListener("click", () => chooser.click());
  chooser.addEventListener("change", () => {
    if (chooser.files.length) take(chooser.files[0]);
    chooser.value = ""; // so that the same file can be chosen again
  });
  document.addEventListener("paste", (event) => {
    takeFirst(event.clipboardData.files, take);
  });
  takeDrops(take);
}

function takeDrops(take) {
  const hasFile = (event) => event.dataTransfer.types.includes("Files");
  let depth = 0; // number of nested elements that the file is over
  const enter = (change) => (event) => {
    if (!hasFile(event)) return;
    depth += change;
    document.body.classList.toggle("dropping", depth > 0);
  };
  document.addEventListener("dragenter", enter(1));
  document.addEventListener("dragleave", enter(-1));
  document.addEventListener("dragover", (event) => {
    if (hasFile(event)) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    if (!hasFile(event)) return;
    event.preventDefault();
    depth = 0;
    document.body.classList.remove("dropping");
    takeFirst(event.dataTransfer.files, take);
  });
}

function takeFirst([file, ...others], take) {
  if (file) take(file, { others: others.length });
}
