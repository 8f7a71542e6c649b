// Buttons that copy a text and say so.

import { make } from "./dom.js";
import { show } from "./messages.js";
import { say } from "./words.js";

const SHOWN = 1600; // ms, how long the button says so

/** Makes a button copy the text that `text()` returns, and show what `remark()` does. */
export function makeCopyButton(button, text, remark = () => say("copy.said")) {
  const label = button.querySelector(".label");
  const usual = label.textContent;
  button.addEventListener("click", async () => {
    const copied = await write(text());
    label.textContent = say(copied ? "copy.done" : "copy.failed");
    show(copied ? remark() : say("copy.refused"));
    setTimeout(() => (label.textContent = usual), SHOWN);
  });
}

async function write(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // A page without https has only this deprecated command.
    const field = make("textarea", { class: "hidden" }, text);
    document.body.append(field);
    field.select();
    const copied = document.execCommand("copy");
    field.remove();
    return copied;
  }
}
