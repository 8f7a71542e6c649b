// The result handed to another program of the device, by the device's own sheet.

import { find } from "./dom.js";
import { makeFile, save } from "./download.js";
import * as messages from "./messages.js";
import * as toast from "./toast.js";
import { say } from "./words.js";

const button = find("#share");

/** Shows the button where there is a sheet; `job` returns what download.js paints. */
export function start(job) {
  const sample = new File([""], "result.jpg", { type: "image/jpeg" });
  button.hidden = !navigator.canShare?.({ files: [sample] });
  button.addEventListener("click", () => paintAndShare(job()));
}

async function paintAndShare(job) {
  button.disabled = true;
  messages.show(say("download.painting"));
  try {
    const { file } = await makeFile(job);
    messages.show("");
    await share(file);
  } catch (error) {
    messages.show(say("share.failed"));
    messages.warn(error);
  }
  button.disabled = false;
}

async function share(file) {
  try {
    await navigator.share({ files: [file] });
  } catch (error) {
    if (error.name === "AbortError") return; // someone closed the sheet
    // Browsers want a click that is a few seconds old at most.
    const late = error.name === "NotAllowedError" && !navigator.userActivation?.isActive;
    if (late) toast.offer(say("share.ready"), say("share"), () => share(file));
    else save(file, file.name);
  }
}
