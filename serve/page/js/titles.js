// What the page calls a style.

/** Returns a style's title; one without has its name. */
export function titleOf({ name, title }) {
  return title ?? name.replaceAll("_", " ");
}

/** Returns who painted it and when, as far as that is known. */
export function authorOf({ artist, year }) {
  return [artist, year].filter(Boolean).join(", ");
}
