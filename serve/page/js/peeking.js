// A look at what is under something: under the pointer, with the focus, under a finger.

const LONG = 450; // ms, from which a finger holds rather than taps

/**
 * Marks an element as `peeking` while a pointer is over it, it has the focus, or a finger
 * holds it.
 *
 * @param {HTMLElement} element
 * @param {function()} prepare called before the mark is set
 */
export function watch(element, prepare) {
  let timer = 0;
  let held = false;
  const set = (on) => {
    if (on) prepare();
    element.classList.toggle("peeking", on);
  };
  element.addEventListener("pointerenter", ({ pointerType }) => {
    if (pointerType !== "touch") set(true);
  });
  element.addEventListener("pointerleave", () => end());
  element.addEventListener("focusin", ({ target }) => set(target.matches(":focus-visible")));
  element.addEventListener("focusout", () => set(false));
  element.addEventListener("pointerdown", ({ pointerType }) => {
    held = false;
    if (pointerType !== "touch") return;
    timer = setTimeout(() => set((held = true)), LONG);
  });
  for (const name of ["pointerup", "pointercancel"]) element.addEventListener(name, end);
  element.addEventListener("contextmenu", (event) => held && event.preventDefault());
  element.addEventListener("click", onClick, { capture: true });

  function end() {
    clearTimeout(timer);
    set(false);
  }

  /** A finger that held something does not choose it as well. */
  function onClick(event) {
    if (!held) return;
    held = false;
    event.stopPropagation();
  }
}
