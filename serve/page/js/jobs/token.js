// The token, which the server asks for once where others than this computer reach it.

import { find } from "../dom.js";
import { state } from "../state.js";
import * as requests from "./requests.js";

const dialog = find("#token-dialog");
const word = find("#token");
const problem = find("#token-problem");

let entered = null; // called when the server knows this browser

export function start() {
  find("#token-close").addEventListener("click", () => dialog.close());
  find("#token-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await requests.enter(word.value.trim());
    } catch (error) {
      problem.textContent = error.message;
      return;
    }
    state.info.jobs.entered = true;
    dialog.close();
    entered();
  });
}

/** Calls `next` as soon as the server knows this browser; asks for the token if need be. */
export function whenEntered(next) {
  if (state.info.jobs.entered) {
    next();
    return;
  }
  entered = next;
  problem.textContent = word.value = "";
  dialog.showModal();
}
