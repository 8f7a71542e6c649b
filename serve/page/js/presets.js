// Settings under names, which this browser keeps and files carry elsewhere.

import { save } from "./download.js";
import { find, make } from "./dom.js";
import * as messages from "./messages.js";
import { fromHash, toHash } from "./settings.js";
import { state } from "./state.js";
import * as toast from "./toast.js";
import { say } from "./words.js";

const NAME = "fast_style-presets.json";
const LONGEST = 60; // letters of a name

const dialog = find("#presets-dialog");
const field = find("#preset-name");
const chooser = find("#preset-file");

let presets = []; // {name, setting}, as an address holds it
let goTo;

/** Offers the presets; `go` is called with the setting of one that someone chooses. */
export function start(go) {
  goTo = go;
  presets = read();
  field.maxLength = LONGEST;
  find("#presets").addEventListener("click", () => {
    show();
    dialog.showModal();
  });
  find("#presets-close").addEventListener("click", () => dialog.close());
  find("#preset-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const name = field.value.trim();
    if (!name) return;
    const setting = toHash(state.settings, { rest: state.rest, size: null }).slice(1);
    put([{ name, setting }]);
    field.value = "";
  });
  find("#presets-export").addEventListener("click", () => {
    save(new Blob([JSON.stringify({ presets }, null, 2)], { type: "application/json" }), NAME);
  });
  find("#presets-import").addEventListener("click", () => chooser.click());
  chooser.addEventListener("change", async () => {
    const [file] = chooser.files;
    if (file) put(await load(file));
    chooser.value = "";
  });
}

function show() {
  const rows = presets.map(({ name, setting }) => {
    const use = make("button", { type: "button" }, name);
    use.addEventListener("click", () => {
      dialog.close();
      goTo(fromHash(`#${setting}`, state.info));
    });
    const label = say("presets.remove", { name });
    const attributes = { type: "button", class: "quiet", "aria-label": label, title: label };
    const remove = make("button", attributes, "×");
    remove.addEventListener("click", () => {
      keep(presets.filter((preset) => preset.name !== name));
      toast.show(say("toast.preset", { name }), () => put([{ name, setting }]));
      field.focus();
    });
    return make("li", {}, use, remove);
  });
  find("#preset-list").replaceChildren(...rows);
  find("#presets-none").hidden = rows.length > 0;
  find("#presets-export").disabled = !rows.length;
}

/** Adds presets in place of those with their names, which can be undone. */
function put(added) {
  const settings = new Map(added.map(({ name, setting }) => [name, setting]));
  const isReplaced = ({ name, setting }) => (settings.get(name) ?? setting) !== setting;
  const replaced = presets.filter(isReplaced);
  place(added);
  const names = replaced.map(({ name }) => name).join(", ");
  if (names) toast.show(say("toast.replaced", { names }), () => place(replaced));
}

/** Keeps presets in place of those with their names. */
function place(added) {
  const names = new Set(added.map(({ name }) => name));
  keep([...presets.filter(({ name }) => !names.has(name)), ...added]);
}

function keep(all) {
  presets = all.toSorted((one, other) => one.name.localeCompare(other.name));
  try {
    localStorage.presets = JSON.stringify(presets);
  } catch {
    // The browser keeps nothing: they last as long as the page.
  }
  show();
}

function read() {
  try {
    return valid(JSON.parse(localStorage.presets));
  } catch {
    return [];
  }
}

/** Returns the presets of a file; none, with a message, where it holds none. */
async function load(file) {
  try {
    return valid(JSON.parse(await file.text()).presets);
  } catch {
    messages.warn(new Error(say("presets.unreadable", { name: file.name })));
    dialog.close();
    return [];
  }
}

function valid(presets) {
  const isText = (value) => typeof value === "string" && value;
  return presets.map(({ name, setting }) => {
    if (!isText(name) || !isText(setting)) throw new TypeError();
    return { name: name.slice(0, LONGEST), setting };
  });
}
