// Settings, and how the page's address holds them.
//
// A setting: {styles: {name: weight}, strength: 0 to 1, fade: null for the model's own
// or one of info.fades, keepColor: one of info.keep_color, stroke: how many times as long
// as the network's own, or AUTO}. `styles` has no weight of 0.
// `info` is the answer of GET /api/styles.

export const NO_COLOR = "none"; // the mode of keepColor that keeps none
export const AUTO = "auto"; // the stroke that is as long against any picture

/**
 * Returns the setting of a first visit: the first style alone, with strokes that are as
 * long in the whole picture as in its preview and in the tiles.
 */
export function initial(info) {
  const styles = { [info.styles[0].name]: 1 };
  return { styles, strength: 1, fade: null, keepColor: NO_COLOR, stroke: AUTO };
}

/** Returns the setting that leaves the photograph as it is, for styles to be added. */
export function photograph(info) {
  return { ...initial(info), styles: {} };
}

/** Returns the setting for a copy of a picture, whose sides are `share` of its own. */
export function reduced(settings, share) {
  const { stroke } = settings;
  return stroke === AUTO ? settings : { ...settings, stroke: Math.max(1, stroke * share) };
}

/** Returns the styles as the command line and the server take them. */
export function styleText(styles) {
  const entries = Object.entries(styles);
  if (entries.length === 1) return entries[0][0];
  return entries.map(([name, weight]) => `${name}:${weight}`).join(",");
}

/** Returns the sum of the weights; 0 means the photograph. */
export function total(styles) {
  return Object.values(styles).reduce((sum, weight) => sum + weight, 0);
}

/**
 * Returns each style's share of a blend in whole per cent, which add up to 100: the largest
 * remainders round up.
 */
export function percentages(styles) {
  const names = Object.keys(styles).sort();
  const sum = total(styles) || 1;
  const exact = names.map((name) => (100 * styles[name]) / sum);
  const whole = exact.map(Math.floor);
  const add = (numbers) => numbers.reduce((one, other) => one + other, 0);
  const missing = Math.round(add(exact)) - add(whole);
  const remainder = (i) => exact[i] - whole[i];
  const order = [...whole.keys()].sort((i, j) => remainder(j) - remainder(i));
  for (const i of order.slice(0, missing)) whole[i]++;
  return Object.fromEntries(names.map((name, i) => [name, whole[i]]));
}

/** Returns whether a setting leaves the photograph as it is. */
export function isPhotograph({ styles, strength }) {
  return !total(styles) || !strength;
}

/** Returns the hash of an address; `rest` is the setting outside the mask, or null. */
export function toHash(settings, { rest, size }) {
  const query = new URLSearchParams();
  write(query, "", settings);
  if (rest) write(query, "rest_", rest);
  if (size) query.set("size", size);
  // A hash may hold colons and commas, which are easier to read.
  return `#${query}`.replaceAll("%3A", ":").replaceAll("%2C", ",");
}

/**
 * Reads a hash; a part that is missing or invalid is as in the initial setting.
 *
 * @returns {{settings, rest, size, ignored: string[]}} `ignored` names the invalid parts
 */
export function fromHash(hash, info) {
  const query = new URLSearchParams(hash.replace(/^#/, ""));
  const ignored = [];
  const setting = initial(info);
  const settings = read(query, "", info, setting, ignored);
  // Where all its styles are unknown, the photograph is outside, and no other style.
  const other = photograph(info);
  const rest = query.has("rest_styles") ? read(query, "rest_", info, other, ignored) : null;
  const size = Number(query.get("size"));
  const valid = Number.isInteger(size) && size >= info.min_size && size <= info.max_size;
  if (query.get("size") && !valid) ignored.push(`size ${query.get("size")}`);
  const whole = !valid || size === info.max_size;
  return { settings, rest, size: whole ? null : size, ignored };
}

function write(query, prefix, { styles, strength, fade, keepColor, stroke }) {
  const weights = Object.entries(styles).map((entry) => entry.join(":"));
  query.set(`${prefix}styles`, weights.join(","));
  if (strength < 1) query.set(`${prefix}strength`, strength);
  if (fade) query.set(`${prefix}fade`, fade);
  if (keepColor !== NO_COLOR) query.set(`${prefix}keep_color`, keepColor);
  if (stroke !== 1) query.set(`${prefix}stroke`, stroke);
}

function read(query, prefix, info, usual, ignored) {
  const text = query.get(`${prefix}styles`);
  const setting = { ...usual, stroke: text === null ? usual.stroke : 1 };
  const styles = readStyles(text ?? "", info, ignored);
  if (total(styles) || text === "") setting.styles = styles;
  const take = (name, isValid, use) => {
    const value = query.get(prefix + name);
    if (!value) return;
    if (isValid(value)) use(value);
    else ignored.push(`${name} ${value}`);
  };
  const inRange = (strength) => strength >= 0 && strength <= 1;
  take("strength", inRange, (value) => (setting.strength = rounded(Number(value))));
  const { keep_color: keepColors, fades } = info;
  take("keep_color", (name) => keepColors.includes(name), (name) => (setting.keepColor = name));
  const setFade = (fade) => (setting.fade = fade === info.fade ? null : fade);
  const fits = (text) => text === AUTO || (text >= 1 && text <= info.stroke.longest);
  take("stroke", fits, (text) => (setting.stroke = text === AUTO ? AUTO : rounded(Number(text))));
  take("fade", (name) => fades.includes(name), setFade);
  return setting;
}

function readStyles(text, info, ignored) {
  const known = info.styles.map(({ name }) => name);
  const weights = new Map();
  for (const part of text.split(",").filter(Boolean)) {
    const [name, weight = "1"] = part.split(":").map((word) => word.trim());
    const number = Number(weight || NaN);
    const valid = number >= 0 && number < Infinity && known.includes(name);
    if (!valid) ignored.push(`style ${part}`);
    else if (number) weights.set(name, number);
  }
  const names = known.filter((name) => weights.has(name));
  const largest = Math.max(1, ...weights.values());
  const shares = names.map((name) => [name, rounded(weights.get(name) / largest)]);
  return Object.fromEntries(shares.filter(([, share]) => share));
}

const rounded = (number) => Math.round(100 * number) / 100;
