// The language of this tab. `t` gives text; <${T}> gives parts, where a value may be a node.
import { Fragment, h } from "/shared/ui.js";
import { span } from "/shared/age.js";
import { words } from "/shared/i18n.js";
import { habits } from "./session.js";
import { signal } from "./signal.js";

/** @type {import("./signal.js").Signal<import("/shared/i18n.js").Words>} */
export const language = signal(words("en", {}));
const FAMILIES = new Set([""]); // of words that this tab needs; "" are those of every page
/** @type {Map<string, Promise<Record<string, string>>>} */
const files = new Map();

/** @param {string} lang @param {string} family @returns {Promise<Record<string, string>>} */
function messages(lang, family) {
  const name = family ? `${lang}.${family}` : lang;
  const had = files.get(name);
  if (had) return had;
  const asked = fetch(`/strings/${name}.json`).then((answer) => {
    if (!answer.ok) throw new Error(`strings/${name}.json: ${answer.status}`);
    return answer.json();
  });
  files.set(name, asked);
  asked.catch(() => files.delete(name)); // asked for again next time
  return asked;
}

/** The reader's own flavour of a language, for dates and numbers. @param {string} lang */
const locale = (lang) => navigator.languages.find((l) => l.startsWith(`${lang}-`)) ?? { en: "en-GB", de: "de-DE" }[lang] ?? lang;

let wanted = "";
let loading = Promise.resolve();

/** @param {string} lang */
async function load(lang) {
  try {
    for (let known = 0; known !== FAMILIES.size;) {
      known = FAMILIES.size;
      // Whole in every language: a test compares the ids.
      const all = await Promise.all([...FAMILIES].map((family) => messages(lang, family)));
      if (wanted !== lang) return loading; // another one was chosen meanwhile: a late answer must not win
      if (known !== FAMILIES.size) continue; // a page came meanwhile that needs more
      document.documentElement.lang = lang;
      language.set(words(locale(lang), Object.assign({}, ...all)));
    }
  } catch (e) {
    if (wanted === lang) wanted = document.documentElement.lang; // chosen again, it is asked for again
    throw e;
  }
}

/** @param {string} lang */
export function loadWords(lang) {
  wanted = lang;
  return (loading = load(lang));
}

/** Words that only some pages need, so that the first view stays small. @param {string} family */
export async function moreWords(family) {
  if (FAMILIES.has(family)) return loading;
  FAMILIES.add(family);
  try {
    await loadWords(wanted);
  } catch (e) {
    FAMILIES.delete(family);
    throw e;
  }
}

export async function startWords() {
  await loadWords(habits.get().lang);
  habits.watch((hb) => {
    if (hb.lang !== wanted) void loadWords(hb.lang);
  });
}

/** @param {string} id @param {Record<string, any>} [params] */
export const t = (id, params) => language.get().text(id, params);

/** @param {string} id */
export const hasWords = (id) => language.get().has(id);

/** @param {number} n */
export const num = (n) => language.get().number(n);

/** @param {{id: string, p?: Record<string, any>} & Record<string, any>} props p: values whose names may be anything */
export function T({ id, p, ...params }) {
  const parts = language.get().parts(id, { ...params, ...p }, (b) => h("b", null, b));
  return h(Fragment, null, parts);
}

/**
 * How long, never broken over two lines: "3 d 2 h".
 * @param {number} ms
 * @param {boolean} [fine] seconds of minutes too
 */
export const dur = (ms, fine) => span(ms, fine).replaceAll(" ", "\u00a0");

/**
 * "bench-4" is a name for machines; people read "Bench 4".
 * @param {string} name
 */
export function title(name) {
  const s = (name ?? "").replace(/[-_]/g, " ");
  return s.charAt(0).toLocaleUpperCase(language.get().lang) + s.slice(1);
}
