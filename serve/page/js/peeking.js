// A look at what is under something: where a pointer, the focus or a finger stays.

const STAY = 450; // ms, from which a pointer rests rather than passes, a finger holds

/**
 * Marks an element as `peeking` while a pointer rests on it, it has the focus, or a finger
 * holds it.
 *
 * @param {HTMLElement} element
 * @param {function()} prepare called before the mark is set
 */
export function watch(element, prepare) {
  let timer = 0;
  let held = false; // by a finger
  const begin = (holds = false) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      held = holds;
      prepare();
      element.classList.add("peeking");
    }, STAY);
  };
  const end = () => {
    clearTimeout(timer);
    element.classList.remove("peeking");
  };
  element.addEventListener("pointerenter", ({ pointerType }) => {
    if (pointerType !== "touch") begin();
  });
  element.addEventListener("focusin", ({ target }) => {
    if (target.matches(":focus-visible")) begin();
  });
  element.addEventListener("pointerdown", ({ pointerType }) => {
    held = false;
    if (pointerType === "touch") begin(true);
  });
  for (const name of ["pointerleave", "pointerup", "pointercancel", "focusout"]) {
    element.addEventListener(name, end);
  }
  element.addEventListener("contextmenu", (event) => held && event.preventDefault());
  element.addEventListener("click", onClick, { capture: true });

  /** A finger that held something does not choose it as well. */
  function onClick(event) {
    if (!held) return;
    held = false;
    event.stopPropagation();
  }
}
