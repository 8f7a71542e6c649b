// A painting of one's own, learned by the server: its dialog, and what comes of it.

import { find, make } from "../dom.js";
import { get } from "../http.js";
import { checkSize, source } from "../picture.js";
import { state } from "../state.js";
import * as studio from "../studio.js";
import { titleOf } from "../titles.js";
import { say } from "../words.js";
import { guess } from "./guess.js";
import { join } from "./joining.js";
import * as requests from "./requests.js";
import { briefly, sentence, showBar } from "./telling.js";
import { whenEntered } from "./token.js";
import { look } from "./watching.js";

const SAMPLE = 384; // px, longer side of the photograph that is painted on the way
const KIND = "training";

const dialog = find("#teach-dialog");
const chooser = find("#teach-file");
const painting = find("#teach-painting");
const result = find("#teach-result");
const caption = find("#teach-caption");
const text = find("#teach-state");
const bar = find("#teach-bar");
const begin = find("#teach-begin");
const end = find("#teach-end");
const use = find("#teach-use");
const fields = find("#teach-fields");

let file = null;
let job = null; // the training that is shown

export function start() {
  if (!state.info.jobs.kinds.includes(KIND)) return;
  find("#teach").hidden = false;
  offer("brush", state.info.jobs.brushes);
  offer("strength", state.info.jobs.strengths);
  find("#teach").addEventListener("click", () => whenEntered(open));
  find("#teach-close").addEventListener("click", () => dialog.close());
  find("#teach-choose").addEventListener("click", () => chooser.click());
  chooser.addEventListener("change", () => {
    take(chooser.files[0]);
    chooser.value = ""; // the same file can be chosen again
  });
  dialog.addEventListener("dragover", (event) => event.preventDefault());
  dialog.addEventListener("drop", (event) => {
    event.preventDefault();
    event.stopPropagation(); // it is no photograph to paint
    document.body.classList.remove("dropping");
    take(event.dataTransfer.files[0]);
  });
  begin.addEventListener("click", send);
  end.addEventListener("click", () => requests.cancel(job.id).then(look, tell));
  use.addEventListener("click", () => {
    dialog.close();
    choose(job.settings.name);
  });
}

/** Follows the training that is shown, or the one that is open. */
export async function follow(jobs) {
  const trainings = jobs.filter(({ kind }) => kind === KIND);
  const open = trainings.findLast(({ state }) => ["waiting", "running"].includes(state));
  const shown = trainings.find(({ id }) => id === job?.id) ?? open;
  find("#teach").classList.toggle("used", Boolean(open));
  find("#teach-label").textContent = open ? briefly(open) : say("teach");
  if (!shown) return;
  const before = job;
  job = shown;
  if (job.state === "done" && before?.state !== "done") await takeOver(job);
  show();
}

function open() {
  show();
  dialog.showModal();
}

function offer(name, values) {
  const option = (value) => make("option", { value }, say(`teach.${name}.${value}`));
  find(`#teach-${name}`).replaceChildren(...values.map(option));
}

/** Takes a painting, and shows at once what can be guessed of it. */
async function take(chosen) {
  if (!chosen || isOpen()) return;
  try {
    checkSize(chosen);
  } catch (error) {
    return tell(error);
  }
  if (file) find("#teach-name").value = ""; // the name of an earlier painting
  [file, job] = [chosen, null];
  setImage(painting, URL.createObjectURL(file));
  result.hidden = true;
  find("#teach-name").placeholder = file.name.replace(/\.[^.]*$/, ""); // as the server names it
  show();
  text.textContent = say("teach.guessing");
  const mine = file;
  try {
    const image = await guess(file);
    if (mine !== file || job) return;
    if (image) setImage(result, URL.createObjectURL(image));
    caption.textContent = image ? say("teach.guess") : "";
    text.textContent = say("teach.ready");
  } catch (error) {
    if (mine === file) tell(error);
  }
}

async function send() {
  begin.disabled = true;
  const photo = await source(state.picture, SAMPLE, { preview: true }).file();
  const suffix = photo.type === "image/png" ? "png" : "jpg";
  const files = [file, new File([photo], `photo.${suffix}`, { type: photo.type })];
  const settings = {
    name: find("#teach-name").value || undefined,
    brush: find("#teach-brush").value,
    strength: find("#teach-strength").value,
  };
  try {
    job = await requests.begin(KIND, settings, files, () => {});
  } catch (error) {
    tell(error);
  }
  show();
  look();
}

function tell(error) {
  text.textContent = error.message;
  begin.disabled = !file;
}

/** Shows the training, or what can be done before there is one. */
function show() {
  const open = isOpen();
  begin.hidden = Boolean(job);
  begin.disabled = !file;
  end.hidden = !open;
  use.hidden = job?.state !== "done";
  fields.disabled = open;
  bar.hidden = true;
  if (!job) {
    if (!file) text.textContent = say("teach.none");
    return;
  }
  if (!file && open) setImage(painting, requests.fileOf(job, 0));
  text.textContent = job.state === "done" ? say("teach.done", { name: titleOf(job.settings) }) : sentence(job);
  showBar(bar, job);
  if (job.progress?.phase === "training" && job.progress.done) {
    setImage(result, requests.sampleOf(job));
    caption.textContent = say("teach.sample");
  } else if (job.state === "done" && result.dataset.address?.startsWith("api/")) {
    caption.textContent = say("teach.learned"); // it is no guess
  }
  if (!open && job.state !== "done") [job, begin.hidden, begin.disabled] = [null, false, !file];
}

/** Loads an image, and shows it once it is there. */
function setImage(image, address) {
  if (image.dataset.address === address) return;
  image.dataset.address = address;
  const next = new Image();
  next.onload = () => {
    if (image.dataset.address === address) [image.src, image.hidden] = [address, false];
  };
  next.src = address;
}

function isOpen() {
  return Boolean(job) && ["sending", "waiting", "running"].includes(job.state);
}

/** Offers the new style beside the others. */
async function takeOver({ settings: { name } }) {
  const info = await get("api/styles", "json");
  if (info.styles.some((style) => style.name === name)) join(info);
}

function choose(name) {
  const settings = { ...state.settings, styles: { [name]: 1 } };
  studio.go({ settings }, say("toast.styles"));
}
