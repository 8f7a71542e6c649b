// One stop of the Tab key for many elements, among which the arrow keys move.

const STEPS = { ArrowLeft: -1, ArrowRight: 1 };

/**
 * Lets the arrow keys, Home and End move among the visible elements of a board.
 *
 * @param {HTMLElement} board
 * @param {string} selector of the elements; each has one button or more
 * @returns {function()} has the Tab key stop at the first visible element
 */
export function start(board, selector) {
  const all = () => [...board.querySelectorAll(selector)];
  const visible = () => all().filter((element) => !element.hidden);
  const choose = (chosen) => {
    for (const element of all()) {
      const index = element === chosen ? 0 : -1;
      for (const button of element.querySelectorAll("button")) button.tabIndex = index;
    }
  };
  board.addEventListener("focusin", ({ target }) => choose(target.closest(selector)));
  board.addEventListener("keydown", (event) => {
    const elements = visible();
    const next = nextOf(elements, event.target.closest(selector), event.key);
    if (!next) return;
    event.preventDefault();
    next.querySelector("button").focus();
    next.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
  return () => choose(visible()[0]);
}

function nextOf(elements, current, key) {
  if (key === "Home") return elements[0];
  if (key === "End") return elements.at(-1);
  const turned = document.dir === "rtl" ? -1 : 1;
  if (key in STEPS) return elements[elements.indexOf(current) + turned * STEPS[key]];
  if (key === "ArrowDown") return nearest(elements, current, 1);
  return key === "ArrowUp" ? nearest(elements, current, -1) : null;
}

/** Returns the element of the next row that is nearest, in a direction down or up. */
function nearest(elements, current, direction) {
  const place = (element) => element.getBoundingClientRect();
  const { left, top } = place(current);
  const beyond = elements.filter((other) => direction * (place(other).top - top) > 1);
  const distance = (other) => {
    return 1000 * direction * (place(other).top - top) + Math.abs(place(other).left - left);
  };
  return beyond.sort((one, other) => distance(one) - distance(other))[0];
}
