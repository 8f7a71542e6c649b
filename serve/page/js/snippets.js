// The command line and the Python lines that give the same result.

import { makeCopyButton } from "./clipboard.js";
import { find } from "./dom.js";
import { NO_COLOR, styleText } from "./settings.js";
import { say } from "./words.js";

/** Makes the buttons copy the lines. */
export function start() {
  for (const selector of ["#shell", "#python"]) {
    makeCopyButton(find(`${selector}-copy`), () => find(selector).textContent);
  }
}

/**
 * Writes the lines.
 *
 * @param {object} job `settings`; `name` of the picture's file; `size` in px and `format`
 *   of the result, each null for the picture's own; `info`, the answer of GET /api/styles;
 *   `masked`, whether the page's result has a mask, which the lines have not
 */
export function show(job) {
  find("#lines-shell").textContent = say(job.masked ? "lines.masked" : "lines.shell");
  find("#shell").textContent = commandLine(job);
  find("#python").textContent = pythonLines(job);
}

function commandLine({ settings, name, size, format, info }) {
  // A bare word could be one of fast-style's commands.
  const path = name.startsWith("-") || !name.includes(".") ? `./${name}` : name;
  const words = ["fast-style", quoted(path), "--style", quoted(styleText(settings.styles))];
  if (settings.strength < 1) words.push("--strength", settings.strength);
  if (settings.fade) words.push("--fade", settings.fade);
  if (settings.keepColor !== NO_COLOR) words.push("--keep_color", settings.keepColor);
  if (settings.stroke !== 1) words.push("--stroke", settings.stroke);
  if (size) words.push("--max_size", size);
  if (info.model) words.push("--model", quoted(info.model));
  if (format) words.push("-o", quoted(targetName(path, settings, suffixOf(format))));
  return words.join(" ");
}

function pythonLines({ settings, name, size, format, info }) {
  const weights = Object.entries(settings.styles);
  const styles = weights.map(([style, weight]) => `${literal(style)}: ${weight}`);
  const options = [`styles={${styles.join(", ")}}`];
  if (settings.strength < 1) options.push(`strength=${settings.strength}`);
  if (settings.fade) options.push(`fade=${literal(settings.fade)}`);
  if (settings.keepColor !== NO_COLOR) {
    options.push(`keep_color=${literal(settings.keepColor)}`);
  }
  if (settings.stroke !== 1) options.push(`stroke=${literal(settings.stroke)}`);
  const suffix = format ? suffixOf(format) : writableSuffix(name, info.command.suffixes);
  return [
    "from dataclasses import replace",
    "from fast_style import Stylizer, images",
    "",
    `photo = images.read(${literal(name)}${size ? `, max_size=${size}` : ""})`,
    `stylizer = Stylizer(${info.model ? literal(info.model) : ""})`,
    `pixels = stylizer.stylize(photo.pixels, ${options.join(", ")})`,
    `images.write(replace(photo, pixels=pixels), ${literal(targetName(name, settings, suffix))})`,
  ].join("\n");
}

/** Returns the name that fast-style gives its result. */
export function targetName(name, { styles }, suffix) {
  const [stem] = split(name);
  return `${stem}-${Object.keys(styles).join("-")}${suffix}`;
}

export function suffixOf(format) {
  return format === "jpeg" ? ".jpg" : `.${format}`;
}

function writableSuffix(name, suffixes) {
  const [, suffix] = split(name);
  return suffixes.includes(suffix.toLowerCase()) ? suffix : ".png";
}

function split(name) {
  const [, stem, suffix = ""] = /^(.+?)(\.[^.]*)?$/.exec(name);
  return [stem, suffix];
}

function quoted(word) {
  return /^[\w.,:/=+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

const literal = (value) => JSON.stringify(value);
