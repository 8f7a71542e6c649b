// Photographs to try the studio on.

import { find, make } from "./dom.js";
import { get } from "./http.js";
import * as messages from "./messages.js";
import { say } from "./words.js";

const TYPE = "image/jpeg";
const PATHS = {
  astronaut: "page/sample.jpg",
  cat: "page/samples/cat.jpg",
  coffee: "page/samples/coffee.jpg",
  rocket: "page/samples/rocket.jpg",
};

const files = new WeakSet(); // of the samples

/** Offers the samples; `take` is called with the file of the one that someone chooses. */
export function start(take) {
  const buttons = Object.entries(PATHS).map(([name, src]) => {
    const label = say(`samples.${name}`);
    const image = make("img", { src, alt: "", width: 56, height: 56 });
    const attributes = { type: "button", title: label, "aria-label": label };
    const button = make("button", attributes, image);
    button.addEventListener("click", async () => {
      try {
        take(await load(name));
      } catch (error) {
        messages.warn(error);
      }
    });
    return make("li", {}, button);
  });
  find("#sample-list").replaceChildren(...buttons);
}

/** Returns the promise of a sample's file. */
export async function load(name = "astronaut") {
  const blob = await get(PATHS[name], "blob");
  const file = new File([blob], `${name}.jpg`, { type: TYPE });
  files.add(file);
  return file;
}

/** Shows the samples beside one of them, and hides them beside a picture of one's own. */
export function showFor(file) {
  find("#samples").hidden = !files.has(file);
}
