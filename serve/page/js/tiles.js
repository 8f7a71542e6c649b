// The tiles of the styles: a tap takes a style alone, "+" adds it to the blend.

import { find, make } from "./dom.js";
import { hasLearned } from "./jobs/mine.js";
import * as peeking from "./peeking.js";
import * as roving from "./roving.js";
import { authorOf, titleOf } from "./titles.js";
import { say } from "./words.js";

const MANY = 20; // styles, from which on they have groups and can be searched
const SIDE = 160; // px, of a painting's picture

const tiles = new Map(); // by the style's name: {style, element, solo, add, look}
const board = find("#styles");
const search = find("#search");

let onTake;
let onToggle;
let enterFirst; // has the Tab key stop at the first tile

/**
 * Starts the tiles.
 *
 * @param {function(string)} take called with the style to take alone
 * @param {function(string)} toggle called with the style to add or to take out
 */
export function start(take, toggle) {
  [onTake, onToggle] = [take, toggle];
  enterFirst = roving.start(board, ".style");
  search.addEventListener("input", filter);
}

/** Shows a tile for each style; those that are there already stay. */
export function offer(styles) {
  for (const style of styles) {
    const { name } = style;
    if (tiles.has(name)) continue;
    const tile = makeTile(style);
    tiles.set(name, tile);
    tile.solo.addEventListener("click", () => onTake(name));
    tile.add.addEventListener("click", () => onToggle(name));
    if (style.painting) peeking.watch(tile.element, () => showPainting(tile));
  }
  board.replaceChildren(...groups(styles));
  search.hidden = styles.length <= MANY;
  filter();
}

/** Marks the styles that are chosen. */
export function set(weights) {
  const alone = Object.keys(weights).length === 1;
  for (const [name, { style, element, solo, add }] of tiles) {
    const chosen = name in weights;
    element.classList.toggle("active", chosen);
    solo.setAttribute("aria-pressed", chosen && alone);
    const label = say(chosen ? "blend.remove" : "blend.add", { title: titleOf(style) });
    add.setAttribute("aria-label", label);
    add.title = label;
    add.textContent = chosen ? "−" : "+";
  }
}

/** Shows an image as a style's tile. */
export function showLook(name, image) {
  const { look, element } = tiles.get(name);
  [look.width, look.height] = [image.width, image.height];
  look.getContext("2d").drawImage(image, 0, 0);
  element.classList.add("painted");
}

/** Shows the paintings instead, until there are looks again. */
export function clearLooks() {
  for (const { element } of tiles.values()) element.classList.remove("painted");
}

/** Shows the samples of the styles where a picture's own cannot be painted. */
export function showSamples() {
  for (const { style, element, picture } of tiles.values()) {
    if (!element.classList.contains("painted")) picture.src ||= style.thumbnail ?? "";
  }
}

/** Returns the names of the styles in the order of their tiles. */
export function order() {
  const elements = [...board.querySelectorAll(".style")];
  return elements.map(({ dataset }) => dataset.name);
}

function makeTile(style) {
  const { name, credit } = style;
  const title = titleOf(style);
  const look = make("canvas", { class: "look", width: 1, height: 1, "aria-hidden": "true" });
  const picture = make("img", { alt: "", width: SIDE, height: SIDE, class: "painting" });
  const initial = make("span", { class: "initial", "aria-hidden": "true" }, title[0]);
  const solo = make(
    "button",
    { type: "button", class: "solo", title: credit ? `${title}: ${credit}` : title },
    make("span", { class: "window" }, initial, look, picture),
    make("span", { class: "title" }, title),
    make("span", { class: "by" }, authorOf(style)),
    make("span", { class: "hidden" }, say("styles.alone")),
  );
  const add = make("button", { type: "button", class: "add" });
  const element = make("li", { class: "style", "data-name": name }, solo, add);
  return { style, element, solo, add, look, picture };
}

function showPainting({ picture, style }) {
  if (picture.getAttribute("src") !== style.painting) picture.src = style.painting;
}

/** Returns a style's group: of those without one, what this browser had learned is own. */
function groupOf(style) {
  return style.group ?? (hasLearned(style) ? "own" : "server");
}

/** Returns the tiles, own ones first, with a heading for each group if there are many. */
function groups(known) {
  const isOwn = (style) => groupOf(style) === "own";
  const styles = known.toSorted((one, other) => isOwn(other) - isOwn(one));
  const list = (members) =>
    make("ul", { class: "tiles" }, ...members.map(({ name }) => tiles.get(name).element));
  if (styles.length <= MANY) return [list(styles)];
  const names = [...new Set(styles.map(groupOf))];
  return names.map((name) => {
    const members = styles.filter((style) => groupOf(style) === name);
    const heading = make("h3", {}, say(`group.${name}`));
    return make("section", { class: "group-of-styles" }, heading, list(members));
  });
}

/** Hides the tiles that do not hold the words of the search. */
function filter() {
  const words = plain(search.value).split(/\s+/).filter(Boolean);
  let found = 0;
  for (const { style, element } of tiles.values()) {
    const group = say(`group.${groupOf(style)}`);
    const text = plain(`${style.name} ${titleOf(style)} ${authorOf(style)} ${group}`);
    element.hidden = !words.every((word) => text.includes(word));
    found += !element.hidden;
  }
  for (const section of board.children) {
    section.hidden = !section.querySelector(".style:not([hidden])");
  }
  const none = find("#styles-none");
  none.hidden = found > 0;
  none.textContent = found ? "" : say("styles.none", { words: search.value });
  enterFirst();
}

/** Returns a text in small letters without accents. */
function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
