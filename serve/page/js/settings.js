// Settings, and how the page's address holds them.
//
// A setting: {styles: {name: weight}, strength: 0 to 1, fade: null for the model's own
// or one of info.fades, keepColor: one of info.keep_color}. `styles` has no weight of 0.
// `info` is the answer of GET /api/styles.

export const NO_COLOR = "none"; // the mode of keepColor that keeps none

/** Returns the setting of a first visit: the first style alone. */
export function initial(info) {
  const styles = { [info.styles[0].name]: 1 };
  return { styles, strength: 1, fade: null, keepColor: NO_COLOR };
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

/** Reads a hash; a part that is missing or invalid is as in the initial setting. */
export function fromHash(hash, info) {
  const query = new URLSearchParams(hash.replace(/^#/, ""));
  const size = Number(query.get("size"));
  const valid = Number.isInteger(size) && size >= info.min_size && size < info.max_size;
  return {
    settings: read(query, "", info),
    rest: query.has("rest_styles") ? read(query, "rest_", info) : null,
    size: valid ? size : null,
  };
}

function write(query, prefix, { styles, strength, fade, keepColor }) {
  const weights = Object.entries(styles).map((entry) => entry.join(":"));
  query.set(`${prefix}styles`, weights.join(","));
  if (strength < 1) query.set(`${prefix}strength`, strength);
  if (fade) query.set(`${prefix}fade`, fade);
  if (keepColor !== NO_COLOR) query.set(`${prefix}keep_color`, keepColor);
}

function read(query, prefix, info) {
  const get = (name) => query.get(prefix + name);
  const setting = initial(info);
  if (query.has(`${prefix}styles`)) {
    const styles = readStyles(get("styles"), info);
    if (total(styles) || !get("styles")) setting.styles = styles;
  }
  const strength = Number(get("strength") || NaN);
  if (strength >= 0 && strength <= 1) setting.strength = rounded(strength);
  const keepColor = get("keep_color");
  if (info.keep_color.includes(keepColor)) setting.keepColor = keepColor;
  const fade = get("fade");
  if (info.fades.includes(fade) && fade !== info.fade) setting.fade = fade;
  return setting;
}

function readStyles(text, info) {
  const weights = new Map();
  for (const part of text.split(",")) {
    const [name, weight = "1"] = part.split(":").map((word) => word.trim());
    const number = Number(weight || NaN);
    if (number > 0 && number < Infinity) weights.set(name, number);
  }
  const names = info.styles.map(({ name }) => name).filter((name) => weights.has(name));
  const largest = Math.max(1, ...names.map((name) => weights.get(name)));
  const shares = names.map((name) => [name, rounded(weights.get(name) / largest)]);
  return Object.fromEntries(shares.filter(([, share]) => share));
}

const rounded = (number) => Math.round(100 * number) / 100;
