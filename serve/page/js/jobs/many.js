// Films, many pictures, sheets: their dialog.

import { applied, describe } from "../describing.js";
import { find, make } from "../dom.js";
import * as mask from "../mask.js";
import { NO_COLOR, styleText, total } from "../settings.js";
import { paintableSettings, state } from "../state.js";
import { say, sayNumber } from "../words.js";
import * as requests from "./requests.js";
import { whenEntered } from "./token.js";
import { look } from "./watching.js";

const SIZES = [512, 720, 1080, 1440, 2048, 4096, 8192]; // px
const USUAL = 1080; // px

const dialog = find("#many-dialog");
const chooser = find("#many-files");
const sheet = find("#many-sheet");
const size = find("#many-size");
const begin = find("#many-begin");
const text = find("#many-state");

let files = [];

export function start() {
  const { films, upload } = state.info.jobs;
  if (!films) [chooser.accept] = chooser.accept.split(",");
  const sizes = SIZES.filter((px) => px <= state.info.max_size);
  size.replaceChildren(...sizes.map((px) => make("option", { value: px }, `${px} px`)));
  size.value = sizes.findLast((px) => px <= USUAL) ?? sizes[0];
  find("#many-limit").textContent = say("many.limit", { megabytes: sayNumber(upload) });
  find("#many").addEventListener("click", () => whenEntered(open));
  find("#many-choose").addEventListener("click", () => chooser.click());
  find("#many-close").addEventListener("click", () => dialog.close());
  chooser.addEventListener("change", () => choose([...chooser.files]));
  for (const control of [sheet, size]) control.addEventListener("change", show);
  begin.addEventListener("click", send);
}

function open() {
  show();
  dialog.showModal();
  look();
}

function choose(chosen) {
  files = chosen;
  text.textContent = "";
  show();
}

/** Shows what is chosen, and whether it can begin. */
function show() {
  const megabytes = files.reduce((sum, file) => sum + file.size, 0) / 1e6;
  const [first] = files;
  const values = { name: first?.name, count: files.length - 1 };
  const names = files.length > 1 ? say("job.files", values) : (first?.name ?? "");
  find("#many-chosen").textContent = first
    ? say("many.chosen", { names, megabytes: sayNumber(megabytes, 1) })
    : say("many.none");
  sheet.disabled = files.length > 1;
  if (sheet.disabled) sheet.checked = false;
  const settings = paintableSettings();
  const look = say("many.look", { look: describe(settings) });
  const parts = sheet.checked ? [say("many.all"), ...applied(settings)] : [look];
  if (mask.isOn()) parts.push(say("many.masked"));
  find("#many-look").textContent = parts.join(" · ");
  begin.disabled = !first;
}

async function send() {
  begin.disabled = true;
  try {
    await requests.begin(sheet.checked ? "sheet" : "painting", asked(), files, (share) => {
      text.textContent = say("many.sending", { percent: Math.round(100 * share) });
    });
    files = [];
    sheet.checked = false;
    chooser.value = text.textContent = "";
  } catch (error) {
    text.textContent = error.message;
  }
  show();
  look();
}

/** Returns the settings of the page as the server takes them for a job. */
function asked() {
  const { styles, strength, fade, keepColor, stroke } = paintableSettings();
  const settings = { strength, stroke, size: Number(size.value) };
  if (fade) settings.fade = fade;
  if (keepColor !== NO_COLOR) settings.keep_color = keepColor;
  return sheet.checked || !total(styles) ? settings : { styles: styleText(styles), ...settings };
}
