// The styles that are chosen: tiles choose, the tray holds each one's share.

import * as blend from "./blend.js";
import { find } from "./dom.js";
import * as tiles from "./tiles.js";

let weights = {}; // above 0, by the style's name
let names = [];

/**
 * Offers the styles.
 *
 * @param {object[]} styles as the server lists them
 * @param {function(object, ?string, boolean)} changed called with the weights whenever
 *   someone changes them; with its style's name for the moves of a slider; and with
 *   whether a whole blend is replaced
 */
export function start(styles, changed) {
  const replace = (newWeights, replaced) => {
    set(newWeights);
    changed(weights, null, replaced);
  };
  const take = (newWeights) => replace(newWeights, Object.keys(weights).length > 1);
  const toggle = (name) => {
    const { [name]: weight, ...others } = weights;
    const largest = Math.max(0, ...Object.values(others)) || 1;
    replace(weight === undefined ? { ...weights, [name]: largest } : others, false);
  };
  tiles.start((name) => take({ [name]: 1 }), toggle);
  blend.start(
    (newWeights, name) => changed((weights = newWeights), `style ${name}`),
    toggle,
  );
  find("#surprise").addEventListener("click", () => take(randomWeights()));
  offer(styles);
}

/** Offers these styles, in place of those before. */
export function offer(styles) {
  names = styles.map(({ name }) => name);
  find("#surprise").hidden = styles.length < 2;
  tiles.offer(styles);
  blend.offer(styles);
}

/** Chooses styles without calling `changed`. */
export function set(newWeights) {
  weights = newWeights;
  blend.set(weights);
  tiles.set(weights);
}

/** Returns weights from 0.3 to 1 for two or three styles. */
function randomWeights() {
  const others = [...names];
  const chosen = {};
  const number = Math.min(others.length, 2 + Math.floor(2 * Math.random()));
  for (let i = 0; i < number; i++) {
    const [name] = others.splice(Math.floor(others.length * Math.random()), 1);
    chosen[name] = (30 + Math.floor(71 * Math.random())) / 100;
  }
  return chosen;
}
