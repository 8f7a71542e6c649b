// The choice of the page's language.

import { find, make } from "./dom.js";
import { choose, language, names } from "./words.js";

/** Offers the languages; the page is loaded anew in the one that is chosen. */
export function start() {
  const field = find("#language");
  field.replaceChildren(
    ...names.map(([code, name]) => make("option", { value: code, lang: code }, name)),
  );
  field.value = language;
  field.addEventListener("change", () => {
    choose(field.value);
    location.reload();
  });
}
