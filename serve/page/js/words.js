// The page's words, in the language of whoever reads them.

import de from "./words/de.js";
import en from "./words/en.js";

const LANGUAGES = { en, de };

/** What each language calls itself, by its code. */
export const names = Object.entries(LANGUAGES).map(([code, { name }]) => [code, name]);

/** The code of the language that is spoken. A worker is told it by its name. */
export const language = (self.document ? chosen() : self.name) || "en";

/**
 * Returns a text.
 *
 * @param {string} key its name in words/en.js
 * @param {object} values what stands for each {name} in it
 */
export function say(key, values = {}) {
  return LANGUAGES[language][key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** Returns a number as text, with as many decimals as are given. */
export function sayNumber(value, decimals = 0) {
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return new Intl.NumberFormat(language, { ...digits, useGrouping: false }).format(value);
}

/** Writes the texts that elements name: data-say, data-say-title and data-say-label. */
export function fillIn(root = document) {
  const { documentElement } = document;
  [documentElement.lang, documentElement.dir] = [language, say("direction")];
  const write = (name, use) => {
    for (const element of root.querySelectorAll(`[data-${name}]`)) {
      use(element, say(element.getAttribute(`data-${name}`)));
    }
  };
  write("say", (element, text) => (element.textContent = text));
  write("say-title", (element, text) => (element.title = text));
  write("say-label", (element, text) => element.setAttribute("aria-label", text));
  write("say-hint", (element, text) => (element.placeholder = text));
}

/** Speaks another language from the next load of the page on. */
export function choose(code) {
  try {
    localStorage.language = code;
  } catch {
    // The browser keeps nothing.
  }
}

/** Returns the language that was chosen, or the first that the browser asks for. */
function chosen() {
  const wanted = navigator.languages.map((code) => code.split("-")[0]);
  try {
    wanted.unshift(localStorage.language);
  } catch {
    // The browser keeps nothing.
  }
  return wanted.find((code) => code in LANGUAGES);
}
