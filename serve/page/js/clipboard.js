// Buttons that copy a text, and say on themselves that they did.

import { make } from "./dom.js";
import { say } from "./say.js";

const SHOWN = 1600; // ms

/** Makes a button copy what `text` gives. */
export function copies(button, text) {
  const label = button.querySelector(".label");
  const usual = label.textContent;
  button.addEventListener("click", async () => {
    const done = await write(text());
    label.textContent = done ? "Copied" : "Not copied";
    say(done ? "Copied." : "The browser did not let the page copy. Mark the text and copy it.");
    setTimeout(() => (label.textContent = usual), SHOWN);
  });
}

async function write(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Without https a page has the old way alone.
    const field = make("textarea", { class: "hidden" }, text);
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}
