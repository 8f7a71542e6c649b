// A new style joins those of the page, whose server paints with it already.

import { leaveBrowser } from "../backends.js";
import { find } from "../dom.js";
import * as looks from "../looks.js";
import { state } from "../state.js";
import * as styles from "../styles.js";

/** Takes the server's new list of styles, and paints their tiles anew. */
export function join(info) {
  state.info = info;
  styles.offer(info.styles);
  styles.set(state.settings.styles);
  leaveBrowser(); // it holds the model before
  const choice = find("#in-browser");
  if (choice.checked) choice.click();
  looks.refresh();
}
