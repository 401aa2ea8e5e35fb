// What narrows a list, kept in the address: a list with its filters can be sent to a colleague, and
// the back button takes the last choice back. Typing replaces the address, choosing adds to the way.
import { html, useEffect, useRef } from "/shared/ui.js";
import { go, href } from "./router.js";
import { t } from "./words.js";

const TYPING_MS = 200;

/**
 * The filters of the address that a page knows.
 * @param {URLSearchParams} params
 * @param {string[]} names
 * @returns {Record<string, string>}
 */
export function chosen(params, names) {
  /** @type {Record<string, string>} */
  const out = {};
  for (const n of names) if (params.get(n)) out[n] = params.get(n) ?? "";
  return out;
}

/** The address of a page with one filter changed. @param {string} page @param {Record<string, string>} now @param {string} name @param {string} value */
export function narrowed(page, now, name, value) {
  const { [name]: _, ...rest } = now;
  return href(page, "", value ? { ...rest, [name]: value } : rest);
}

/** @param {{page: string, now: Record<string, string>, name: string, label: string}} props */
function TextFilter({ page, now, name, label }) {
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  const timer = useRef(0);
  const value = now[name] ?? "";
  useEffect(() => {
    if (field.current && document.activeElement !== field.current) field.current.value = value;
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const typed = () => {
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => go(narrowed(page, now, name, field.current?.value.trim() ?? ""), true), TYPING_MS);
  };
  return html`<input ref=${field} class="field" type="search" aria-label=${label} placeholder=${label} autocomplete="off"
    spellcheck=${false} defaultValue=${value} onInput=${typed} />`;
}

/**
 * @param {{page: string, now: Record<string, string>, text?: string,
 *   choices?: {name: string, label: string, all: string, options: [string, string][]}[]}} props
 *   text: label of the field for a part of a name or number; choices: [value, words] each
 */
export function Filters({ page, now, text, choices }) {
  return html`<div class="filters" role="group" aria-label=${t("filter.label")}>
    ${text ? html`<${TextFilter} page=${page} now=${now} name="q" label=${text} />` : null}
    ${(choices ?? []).filter((c) => c.options.length > 1 || now[c.name]).map((c) => html`<select key=${c.name} class="field" aria-label=${c.label}
      value=${now[c.name] ?? ""} onChange=${(/** @type {any} */ e) => go(narrowed(page, now, c.name, e.target.value))}>
      <option value="">${c.all}</option>${known(c.options, now[c.name]).map(([value, words]) => html`<option key=${value} value=${value}
        selected=${value === now[c.name]}>${words}</option>`)}</select>`)}
    ${Object.keys(now).length ? html`<a class="link" href=${href(page)}>${t("filter.none")}</a>` : null}</div>`;
}

/** A choice of an old address stays visible. @param {[string, string][]} options @param {string | undefined} value @returns {[string, string][]} */
const known = (options, value) => (!value || options.some(([v]) => v === value) ? options : [...options, [value, value]]);
