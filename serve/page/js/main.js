// The studio: its start.

import * as bar from "./bar.js";
import * as camera from "./camera.js";
import { makeCopyButton } from "./clipboard.js";
import * as controls from "./controls.js";
import { find } from "./dom.js";
import * as input from "./input.js";
import * as jobs from "./jobs/jobs.js";
import { keepOnly, prune, recall, recallPicture } from "./keeping.js";
import * as language from "./language.js";
import { load } from "./loading.js";
import * as looks from "./looks.js";
import * as mask from "./mask.js";
import * as messages from "./messages.js";
import * as offline from "./offline.js";
import * as opening from "./opening.js";
import { findWhole, setBusy, showResult, watch } from "./painting.js";
import * as presets from "./presets.js";
import * as regions from "./regions.js";
import * as samples from "./samples.js";
import * as saving from "./saving.js";
import { fromHash } from "./settings.js";
import * as snippets from "./snippets.js";
import * as stage from "./stage.js";
import { edit, hash, state } from "./state.js";
import * as strip from "./strip.js";
import * as studio from "./studio.js";
import * as styles from "./styles.js";
import * as switching from "./switching.js";
import * as touch from "./touch.js";
import * as video from "./video.js";
import { fillIn, say } from "./words.js";
import * as zoom from "./zoom.js";

async function start() {
  fillIn();
  find("#unstarted").remove();
  for (const part of [language, messages, stage, zoom, touch, bar]) part.start();
  const { info, sample, backend } = await load(() => setBusy(false));
  messages.dismiss("start");
  const address = fromHash(location.hash, info);
  const { settings, rest } = address;
  Object.assign(state, { info, backend, settings, rest });
  studio.recallState(await recall("state"));
  startControls();
  startButtons();
  const kept = await recallPicture();
  const isOpen = kept && (await opening.open(kept, address.size));
  if (!isOpen) await opening.open(sample, address.size);
  let isNew = !isOpen && !location.hash; // a first visit
  studio.start(opening.reopen);
  await strip.start((target) => studio.go(target));
  watch((preview) => {
    if (isNew) stage.reveal();
    isNew = false;
    looks.follow();
    if (!preview) noteResult();
  });
  await studio.restore(address);
  prune();
  offline.start(state.info);
}

function startControls() {
  styles.start(state.info.styles, (weights, group, replaced) => {
    edit({ styles: weights });
    studio.changed(group, replaced && say("toast.styles"));
  });
  controls.start(state.info, (group) => {
    edit(controls.get());
    studio.changed(group);
  });
  snippets.start();
  regions.start({
    drawn: showResult,
    changed: onMask,
    chosen: studio.showEdited,
  });
  input.start(opening.take);
  samples.start(opening.take);
  presets.start((address) => studio.restore({ ...address, size: controls.getSize() }));
  camera.start(opening.take, switching.goLive);
  video.start(opening.take, switching.endLive);
}

function startButtons() {
  const { info } = state;
  switching.start();
  saving.start();
  jobs.start();
  find("#reset").addEventListener("click", () => {
    studio.restore(fromHash("", info), say("toast.settings"));
  });
  find("#start-new").addEventListener("click", () => startNew().catch(messages.warn));
  const link = () => new URL(hash(), location.href).href;
  makeCopyButton(find("#link"), link, () => say(mask.isOn() ? "link.mask" : "copy.said"));
  addEventListener("hashchange", () => {
    if (location.hash !== hash()) studio.restore(fromHash(location.hash, info));
  });
}

/** Begins anew as on a first visit. */
async function startNew() {
  const file = await samples.load();
  const { settings } = fromHash("", state.info);
  const target = { settings, rest: null, size: null, strokes: [], file, results: null };
  await studio.go(target, say("toast.new"));
  await keepOnly([]);
}

/** Adds the result to the strip, if it is the whole one. */
function noteResult() {
  if (findWhole()) strip.note(studio.target(), find("#after"));
}

function onMask() {
  studio.changedMask();
  const drawn = () => requestAnimationFrame(noteResult);
  requestAnimationFrame(drawn); // the mask is drawn in between
}

await start();
