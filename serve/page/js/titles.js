// What the page calls a style.

/** Returns a style's title; one without has its name, in words. */
export function titleOf({ name, title }) {
  const words = name.replaceAll("_", " ");
  return title ?? words[0].toUpperCase() + words.slice(1);
}

/** Returns who painted it and when, as far as that is known. */
export function authorOf({ artist, year }) {
  return [artist, year].filter(Boolean).join(", ");
}
