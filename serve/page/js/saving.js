// Saving the result as a file.

import { find } from "./dom.js";
import { download } from "./download.js";
import * as mask from "./mask.js";
import * as messages from "./messages.js";
import { findWhole } from "./painting.js";
import { isPhotograph } from "./settings.js";
import * as share from "./share.js";
import { paintableSettings, state, wholeSize } from "./state.js";
import { say } from "./words.js";

const button = find("#download");

export function start() {
  button.addEventListener("click", save);
  share.start(currentJob);
}

async function save() {
  button.disabled = true;
  messages.show(say("download.painting"));
  try {
    const { name, fromScreen } = await download(currentJob());
    messages.show(say(fromScreen ? "download.screen" : "download.saved", { name }));
  } catch (error) {
    messages.show(say("download.failed"));
    messages.warn(error, "saving", error.away && save);
  }
  button.disabled = false;
}

/** Returns what `download` saves now. */
export function currentJob() {
  const { picture, backend, rest } = state;
  const outside = rest && !isPhotograph(rest) ? rest : null;
  return {
    ...{ picture, backend },
    settings: paintableSettings(),
    size: wholeSize(),
    format: find("#format").value,
    mask: mask.isOn() && { rest: outside, apply: mask.apply },
    shown: findWhole(),
  };
}
