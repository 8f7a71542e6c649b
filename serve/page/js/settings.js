// The setting, how it stands in the address, and what is believed of an address.
//
// A setting: {styles: {name: weight}, strength: 0..1, fade: null|"network"|"pixels",
// keepColor: "none"|"luminance"|"histogram"}. A style that has no share is left out.

const KEEP_COLOR = ["none", "luminance", "histogram"];
const FADES = ["network", "pixels"];

export function standard(info) {
  const styles = { [info.styles[0].name]: 1 };
  return { styles, strength: 1, fade: null, keepColor: "none" };
}

/** Gives the styles as the command line and the server take them. */
export function styleText(styles) {
  const entries = Object.entries(styles);
  if (entries.length === 1) return entries[0][0];
  return entries.map(([name, weight]) => `${name}:${weight}`).join(",");
}

/** Gives the sum of the weights; 0 is the photograph. */
export function total(styles) {
  return Object.values(styles).reduce((sum, weight) => sum + weight, 0);
}

/** Tells whether a setting leaves the photograph as it is. */
export function isPhotograph({ styles, strength }) {
  return !total(styles) || !strength;
}

/** Writes settings as an address's hash; `rest` is the second setting, or null. */
export function toHash(settings, { rest, size }) {
  const query = new URLSearchParams();
  write(query, "", settings);
  if (rest) write(query, "rest_", rest);
  if (size) query.set("size", size);
  // Colons and commas may stand in a hash, and are easier to read.
  return `#${query}`.replaceAll("%3A", ":").replaceAll("%2C", ",");
}

/** Reads them; what is missing or wrong is as in the standard setting. */
export function fromHash(hash, info) {
  const query = new URLSearchParams(hash.replace(/^#/, ""));
  const size = Number(query.get("size"));
  return {
    settings: read(query, "", info),
    rest: query.has("rest_styles") ? read(query, "rest_", info) : null,
    size: Number.isInteger(size) && size >= 16 && size < info.max_size ? size : null,
  };
}

function write(query, prefix, { styles, strength, fade, keepColor }) {
  const weights = Object.entries(styles).map((pair) => pair.join(":"));
  query.set(`${prefix}styles`, weights.join(","));
  if (strength < 1) query.set(`${prefix}strength`, strength);
  if (fade) query.set(`${prefix}fade`, fade);
  if (keepColor !== "none") query.set(`${prefix}keep_color`, keepColor);
}

function read(query, prefix, info) {
  const get = (name) => query.get(prefix + name);
  const found = standard(info);
  if (query.has(`${prefix}styles`)) {
    const styles = readStyles(get("styles"), info);
    if (total(styles) || !get("styles")) found.styles = styles;
  }
  const strength = Number(get("strength") || NaN);
  if (strength >= 0 && strength <= 1) found.strength = rounded(strength);
  if (KEEP_COLOR.includes(get("keep_color"))) found.keepColor = get("keep_color");
  const fades = info.fade === "network" ? FADES : ["pixels"];
  if (fades.includes(get("fade")) && get("fade") !== info.fade) found.fade = get("fade");
  return found;
}

function readStyles(text, info) {
  const weights = new Map();
  for (const part of text.split(",")) {
    const [name, weight = "1"] = part.split(":").map((word) => word.trim());
    const number = Number(weight || NaN);
    if (number > 0 && number < Infinity) weights.set(name, number);
  }
  const known = info.styles.map((style) => style.name).filter((n) => weights.has(n));
  const most = Math.max(1, ...known.map((name) => weights.get(name)));
  const shares = known.map((name) => [name, rounded(weights.get(name) / most)]);
  return Object.fromEntries(shares.filter(([, share]) => share));
}

const rounded = (number) => Math.round(100 * number) / 100;
