// The list of jobs: how far each is, its result, its end.

import { find, make } from "../dom.js";
import * as messages from "../messages.js";
import { titleOf } from "../titles.js";
import { say } from "../words.js";
import * as requests from "./requests.js";
import { makeBar, sentence, showBar } from "./telling.js";
import { isOpen, look } from "./watching.js";

const list = find("#jobs");
const rows = new Map(); // the elements of each job, by its ID

/** Shows the jobs. */
export function show(jobs) {
  for (const [id, { element }] of rows) {
    if (jobs.some((job) => job.id === id)) continue;
    element.remove();
    rows.delete(id);
  }
  for (const job of jobs) {
    if (!rows.has(job.id)) rows.set(job.id, makeRow(job));
    update(rows.get(job.id), job);
  }
  const elements = jobs.map(({ id }) => rows.get(id).element);
  if (elements.some((element, i) => element !== list.children[i])) {
    list.replaceChildren(...elements);
  }
  find("#jobs-none").hidden = jobs.length > 0;
}

function makeRow(job) {
  const title = nameOf(job);
  const text = make("span", { class: "state" });
  const bar = makeBar(title);
  const labels = { "aria-label": say("job.fetch.label", { title }) };
  const fetch = make("a", { class: "button", download: "", ...labels }, say("job.fetch"));
  const end = makeButton("cancel", title, () => requests.cancel(job.id));
  const remove = makeButton("remove", title, () => requests.remove(job.id));
  const name = make("b", {}, title);
  const words = make("div", { class: "words" }, name, text, bar);
  const element = make("li", {}, words, fetch, end, remove);
  return { element, text, bar, fetch, end, remove };
}

function update({ text, bar, fetch, end, remove }, job) {
  text.textContent = sentence(job);
  text.classList.toggle("failed", job.state === "failed" && job.result === null);
  showBar(bar, job);
  fetch.href = requests.resultOf(job);
  fetch.hidden = job.result === null;
  end.hidden = !isOpen(job);
  remove.hidden = isOpen(job);
}

function makeButton(name, title, act) {
  const label = say(`job.${name}.label`, { title });
  const button = make("button", { type: "button", "aria-label": label }, say(`job.${name}`));
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      await act();
    } catch (error) {
      messages.warn(error);
    }
    button.disabled = false;
    look();
  });
  return button;
}

function nameOf({ kind, settings, files }) {
  if (kind === "training") return say("job.training", { name: titleOf(settings) });
  const [{ name }] = files;
  if (kind === "sheet") return say("job.sheet", { name });
  return files.length > 1 ? say("job.files", { name, count: files.length - 1 }) : name;
}
