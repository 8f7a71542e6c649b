// The backend that has the server paint.

import { reach, send } from "./http.js";
import { NO_COLOR, styleText } from "./settings.js";
import { forget, isOfUse, nameOf } from "./upload.js";

const SENT = /'(image|picture)'/g; // what the server's errors call the picture
const REFUSED = [400, 415]; // statuses for a picture that the server cannot read
const LOOKS = 6; // in a request, so that the first tiles come soon
const UNPAINTED = { styles: {}, strength: 0, fade: null, keepColor: NO_COLOR, stroke: 1 };

/** Makes the backend; `onProgress` is called with the share of a picture that is sent. */
export async function create(onProgress) {
  return {
    async paint(source, settings, signal) {
      const format = source.opaque ? "jpeg" : "png";
      const job = { source, settings, format, signal, onProgress };
      const response = await stylize(job);
      const image = await createImageBitmap(await reach(() => response.blob()));
      return { image, ms: paintingTime(response) };
    },

    /**
     * Paints into a Blob of a format, one of info.file_formats; `fields` are further ones
     * of the form.
     */
    async encode(source, settings, format, { fields = {}, signal } = {}) {
      const job = { source, settings, format, fields, signal, onProgress };
      const response = await stylize(job);
      return reach(() => response.blob());
    },

    /**
     * Paints a picture in each style; `show` is called with a name and its image, and
     * between them what `rested` returns is awaited.
     */
    async paintLooks(source, names, show, rested, signal) {
      const rest = [...names];
      const paintSome = async () => {
        while (rest.length) {
          const some = rest.splice(0, LOOKS);
          const response = await stylize({ source, names: some, signal, onProgress });
          await cutOut(await reach(() => response.blob()), some, show);
          await rested();
        }
      };
      await Promise.all([paintSome(), paintSome()]);
    },

    /**
     * Converts a file, unpainted, that the browser cannot read or write; `once`: it is
     * sent for this alone, so that the server need not keep it.
     */
    convert(file, size, format, { once = false, ...options } = {}) {
      const source = { name: file.name, size, once, file: () => file };
      return this.encode(source, UNPAINTED, format, options);
    },
  };
}

async function stylize(job) {
  const { source } = job;
  try {
    return await stylizeFile(await source.file(), job);
  } catch (error) {
    const refused = REFUSED.includes(error.status) && error.text.search(SENT) >= 0;
    if (refused && source.useCopy?.()) return stylize(job);
    error.message = error.message.replace(SENT, `'${source.name}'`);
    throw error;
  }
}

async function stylizeFile(file, job) {
  const { source, names, signal, onProgress } = job;
  const form = names ? looksForm(names, source.size) : formOf(job);
  const path = names ? "api/looks" : "api/stylize";
  const ask = () => {
    const options = { method: "POST", body: form, signal };
    return send(() => fetch(path, options), signal);
  };
  if (isOfUse() && !source.once) {
    form.set("picture", await nameOf(file, onProgress, signal));
    try {
      return await ask();
    } catch (error) {
      if (error.status !== 404) throw error;
    }
    // The server needed the room for others, or another copy of it answered.
    forget(file);
    form.delete("picture");
  }
  form.set("image", file, "picture");
  return ask();
}

function formOf({ settings, source: { size }, format, fields = {} }) {
  const form = new FormData();
  if (Object.keys(settings.styles).length) {
    form.append("styles", styleText(settings.styles));
  }
  form.append("strength", settings.strength);
  if (settings.fade) form.append("fade", settings.fade);
  form.append("keep_color", settings.keepColor);
  form.append("stroke", settings.stroke);
  form.append("size", size);
  form.append("format", format);
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return form;
}

function looksForm(names, size) {
  const form = new FormData();
  form.append("styles", names.join(","));
  form.append("size", size);
  return form;
}

/** Cuts a sheet of paintings, which lie below each other, into single ones. */
async function cutOut(blob, names, show) {
  const sheet = await createImageBitmap(blob);
  const height = sheet.height / names.length;
  for (const [i, name] of names.entries()) {
    const image = await createImageBitmap(sheet, 0, i * height, sheet.width, height);
    show(name, image);
    image.close();
  }
  sheet.close();
}

function paintingTime(response) {
  const [, ms] = /dur=([\d.]+)/.exec(response.headers.get("Server-Timing")) ?? [];
  return Number(ms);
}
