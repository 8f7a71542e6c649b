// Jobs: work of minutes at the server, and its dialogs.

import { find } from "../dom.js";
import { state } from "../state.js";
import * as list from "./list.js";
import * as many from "./many.js";
import * as taking from "./taking.js";
import * as teaching from "./teaching.js";
import * as token from "./token.js";
import { isOpen, look, watch } from "./watching.js";

export function start() {
  taking.start();
  if (!state.info.jobs) return;
  find("#many").hidden = false;
  for (const part of [token, many, teaching]) part.start();
  watch(list.show);
  watch(teaching.follow);
  watch((jobs) => find("#many").classList.toggle("used", jobs.some(isOpen)));
  if (state.info.jobs.entered) look();
}
