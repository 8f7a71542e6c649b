// The bar at the bottom of a phone: its buttons press those of the page.

import { find } from "./dom.js";

export function start() {
  for (const button of document.querySelectorAll("[data-press]")) {
    const target = find(button.dataset.press);
    const follow = () => {
      [button.hidden, button.disabled] = [target.hidden, target.disabled];
    };
    button.addEventListener("click", () => target.click());
    const watched = { attributes: true, attributeFilter: ["hidden", "disabled"] };
    new MutationObserver(follow).observe(target, watched);
    follow();
  }
}
