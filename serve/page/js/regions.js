// The regions of a picture: the mask's tools, and the two layers that it divides.

import * as brush from "./brush.js";
import { describe } from "./describing.js";
import { find } from "./dom.js";
import { canFind, findFaces } from "./faces.js";
import * as mask from "./mask.js";
import * as messages from "./messages.js";
import * as stage from "./stage.js";
import { settingOf, state } from "./state.js";
import { say } from "./words.js";

const FACE_EDGE = 0.4; // how soft the edge around a face is, from 0 to 1
const LAYERS = ["brushed", "rest"];

let open = false;
let hinted = false;
let onChoose;

/**
 * Starts the tools and the layers' chips.
 *
 * @param {object} on `drawn` and `changed` as mask.js has them; `chosen`, called when
 *   another layer is edited
 */
export function start({ drawn, changed, chosen }) {
  onChoose = chosen;
  mask.start(drawn, () => {
    changed();
    if (hinted) messages.show("");
    hinted = false;
    show();
  });
  brush.start();
  const onClick = (name, act) => find(name).addEventListener("click", act);
  onClick("#mask", ({ detail }) => {
    toggle(!open);
    if (open && !detail) find("#brush").focus(); // a key pressed the button
  });
  onClick("#mask-done", leave);
  for (const part of ["#frame", "#mask-tools"]) {
    find(part).addEventListener("keydown", ({ key }) => open && key === "Escape" && leave());
  }
  for (const [stroke, tool] of Object.entries({ fill: "erase", clear: "paint", invert: null })) {
    onClick(`#mask-${stroke}`, () => {
      mask.add(stroke);
      if (tool) find(`#brush-${tool}`).checked = true; // the other would change nothing
    });
  }
  onClick("#mask-undo", mask.undo);
  onClick("#mask-redo", mask.redo);
  onClick("#mask-faces", protectFaces);
  find("#mask-faces").hidden = !canFind();
  find("#mask-seen").addEventListener("change", show);
  for (const layer of LAYERS) {
    onClick(`#layer-${layer}`, () => {
      choose(layer);
      show();
    });
  }
}

export function isOpen() {
  return open;
}

/** Shows the state of the tools and the layers. */
export function show() {
  const divided = open || mask.isOn();
  if (!divided && state.layer !== LAYERS[0]) choose(LAYERS[0]);
  find("#mask").classList.toggle("used", mask.isOn());
  find("#mask").setAttribute("aria-expanded", open);
  find("#mask-tools").hidden = !open;
  find("#layers").hidden = !divided;
  find("#overlay").hidden = !(open && find("#mask-seen").checked);
  find("#mask-undo").disabled = !mask.canUndo();
  find("#mask-redo").disabled = !mask.canRedo();
  find("#mask-fill").disabled = !mask.isOn();
  for (const layer of LAYERS) {
    find(`#layer-${layer}`).setAttribute("aria-pressed", layer === state.layer);
    find(`#layer-${layer}-text`).textContent = describe(settingOf(layer));
  }
}

function leave() {
  toggle(false);
  find("#mask").focus();
}

function choose(layer) {
  state.layer = layer;
  onChoose();
}

function toggle(on) {
  open = on;
  brush.setOpen(on);
  stage.setMode(on ? "mask" : "plain");
  show();
  const hint = on && !mask.isOn();
  if (hint || hinted) messages.show(hint ? say("mask.hint") : "");
  hinted = hint;
}

/** Erases the mask where there are faces, so that they get the rest's setting. */
async function protectFaces() {
  const { picture } = state;
  try {
    const faces = await findFaces(picture.bitmap);
    if (picture !== state.picture) return;
    if (faces.length) mask.add({ erase: true, soft: FACE_EDGE, points: faces });
    messages.show(say(faces.length ? "mask.faces.found" : "mask.faces.none", {
      count: faces.length,
    }));
  } catch (error) {
    messages.warn(error);
  }
}
