// The lines that paint the same picture from a terminal and from Python.

import { copies } from "./clipboard.js";
import { find } from "./dom.js";
import { styleText } from "./settings.js";

const COMMANDS = ["styles", "sheet", "blend"]; // of fast-style, no pictures
const WRITABLE = /^\.(jpe?g|png|webp|tiff?|bmp)$/i; // what fast-style writes
const USUAL_SIZE = 2048; // px, fast-style's own

/** Makes the buttons copy them. */
export function start() {
  for (const name of ["#shell", "#python"]) {
    copies(find(`${name}-copy`), () => find(name).textContent);
  }
}

/** Writes them; see `commandLine` for the arguments. */
export function show(setting) {
  find("#shell").textContent = commandLine(setting);
  find("#python").textContent = pythonLines(setting);
}

/**
 * @param {object} setting `settings`; `name` of the picture's file; `size` in px;
 *   `format` of the result, null for the picture's own; `model`, null for the
 *   package's
 */
export function commandLine({ settings, name, size, format, model }) {
  const path = COMMANDS.includes(name) || name.startsWith("-") ? `./${name}` : name;
  const words = ["fast-style", quoted(path), "--style", quoted(styleText(settings.styles))];
  if (settings.strength < 1) words.push("--strength", settings.strength);
  if (settings.fade) words.push("--fade", settings.fade);
  if (settings.keepColor !== "none") words.push("--keep_color", settings.keepColor);
  if (size !== USUAL_SIZE) words.push("--max_size", size);
  if (model) words.push("--model", quoted(model));
  if (format) words.push("-o", quoted(targetName(path, settings, format)));
  return words.join(" ");
}

export function pythonLines({ settings, name, size, format, model }) {
  const shares = Object.entries(settings.styles);
  const styles = shares.map(([style, weight]) => `${literal(style)}: ${weight}`);
  const options = [`styles={${styles.join(", ")}}`];
  if (settings.strength < 1) options.push(`strength=${settings.strength}`);
  if (settings.fade) options.push(`fade=${literal(settings.fade)}`);
  if (settings.keepColor !== "none") {
    options.push(`keep_color=${literal(settings.keepColor)}`);
  }
  const target = literal(targetName(name, settings, format));
  return [
    "from dataclasses import replace",
    "from fast_style import Stylizer, images",
    "",
    `photo = images.read(${literal(name)}, max_size=${size})`,
    `stylizer = Stylizer(${model ? literal(model) : ""})`,
    `pixels = stylizer.stylize(photo.pixels, ${options.join(", ")})`,
    `images.write(replace(photo, pixels=pixels), ${target})`,
  ].join("\n");
}

/** Gives the name that fast-style gives its result. */
export function targetName(name, { styles }, format) {
  const [, stem, suffix = ""] = /^(.+?)(\.[^.]*)?$/.exec(name);
  const own = WRITABLE.test(suffix) ? suffix : ".png";
  const ending = format ? `.${format === "jpeg" ? "jpg" : format}` : own;
  return `${stem}-${Object.keys(styles).join("-")}${ending}`;
}

function quoted(word) {
  return /^[\w.,:/=+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

const literal = (text) => JSON.stringify(text);
