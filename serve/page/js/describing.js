// A setting in words.

import { find } from "./dom.js";
import { AUTO, isPhotograph, NO_COLOR, percentages } from "./settings.js";
import { state } from "./state.js";
import { titleOf } from "./titles.js";
import { say } from "./words.js";

/** Returns a setting's blend, strength, colours and strokes. */
export function describe(setting) {
  if (isPhotograph(setting)) return say("layer.photograph");
  const shares = percentages(setting.styles);
  const blend = Object.keys(setting.styles).map((name) => {
    const style = state.info.styles.find((style) => style.name === name) ?? { name };
    return shares[name] === 100 ? titleOf(style) : `${titleOf(style)} ${shares[name]} %`;
  });
  return [blend.join(" + "), ...applied(setting)].join(" · ");
}

/** Returns a setting's description, and that of the rest where there is one. */
export function describeBoth(setting, rest) {
  if (!rest) return describe(setting);
  return `${describe(setting)} · ${say("layer.rest")}: ${describe(rest)}`;
}

/** Returns how a setting's styles are applied, as far as that is not the usual. */
export function applied({ strength, fade, keepColor, stroke }) {
  const parts = [];
  if (strength < 1) parts.push(say("layer.strength", { percent: Math.round(100 * strength) }));
  if (strength < 1 && fade) parts.push(labelOf("fade", fade));
  if (keepColor !== NO_COLOR) parts.push(labelOf("keep-color", keepColor));
  if (stroke !== AUTO) parts.push(say("layer.stroke", { stroke }));
  return parts;
}

/** Returns what a menu calls one of its values. */
function labelOf(menu, value) {
  return find(`#${menu} option[value="${value}"]`)?.textContent ?? value;
}
