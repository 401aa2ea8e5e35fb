// What the lists of goods share: list and card side by side, states as tags, acts under the card.
import { html, useState } from "/shared/ui.js";
import { Act } from "../act.js";
import { Filters, chosen } from "../filters.js";
import { line } from "../live.js";
import { Card, Empty, Part, Tag } from "../parts.js";
import { useResource } from "../resource.js";
import { href } from "../router.js";
import { useRows } from "../rows.js";
import { person } from "../session.js";
import { useSignal } from "../signal.js";
import { hasWords, t, title } from "../words.js";
import { ListOr } from "../vlist.js";

/** @type {Record<string, string>} */
const TONES = { complete: "ok", received: "ok", counted: "ok", closed: "ok", overdue: "stop", late: "stop", differs: "ask", under: "ask", over: "ask", ahead_of_its_sending: "ask", dropped: "" };

/** @param {{state: string | null}} props */
export const State = ({ state }) => (state ? html`<${Tag} tone=${TONES[state] ?? "wait"}>${hasWords(`state.${state}`) ? t(`state.${state}`) : state}<//>` : null);

export const by = () => person.get() || "console";
/** @param {FormData} f @param {string} name */
export const text = (f, name) => String(f.get(name) ?? "").trim();
/** @param {FormData} f @param {string} name */
export const whole = (f, name) => Number(f.get(name));

export const Sites = () => {
  const stations = useResource("/stations", ["stations"]);
  return [...new Set((stations.data?.items ?? []).map((/** @type {any} */ s) => String(s.site)))].sort();
};

/** @param {{name: string, label: string}} props a site as a choice */
export function SiteField({ name, label }) {
  const sites = Sites();
  return html`<label>${label}<select name=${name}>${sites.map((s) => html`<option key=${s} value=${s}>${title(s)}</option>`)}</select></label>`;
}

/** @param {{name: string, label: string, min?: number, optional?: boolean}} props */
export const NumberField = ({ name, label, min, optional }) =>
  html`<label>${label}<input name=${name} type="number" step="1" min=${String(min ?? 1)} required=${!optional} /></label>`;

/** @param {{name: string, label: string, optional?: boolean}} props */
export const TextField = ({ name, label, optional }) => html`<label>${label}<input name=${name} required=${!optional} autocomplete="off" /></label>`;

/** Buttons, each with the form it opens. @param {{acts: Record<string, any>, label: (name: string) => string}} props */
export function Acts({ acts, label }) {
  const [open, setOpen] = useState("");
  const off = useSignal(line).mode !== "live";
  const shown = Object.entries(acts).filter(([, a]) => a.when !== false);
  if (!shown.length) return null;
  const act = shown.find(([n]) => n === open)?.[1];
  return html`<div class="acts">${shown.map(([n]) => html`<button key=${n} type="button" class="btn" disabled=${off} aria-expanded=${String(open === n)}
      onClick=${() => setOpen(open === n ? "" : n)}>${label(n)}</button>`)}</div>
    ${act ? html`<${Act} key=${open} ...${act} close=${() => setOpen("")} />` : null}`;
}

/**
 * A list beside the card of the one chosen.
 * @param {{tab: string, path: string, now: Record<string, string>, id: string, keyOf: (r: any) => string, cols: any[], cells: (r: any) => any[],
 *   states: string[], cls: string, card: (id: string) => any, create?: any, topics: string[]}} props
 */
export function ListAndCard({ tab, path, now, id, keyOf, cols, cells, states, cls, card, create, topics }) {
  const filters = chosen(new URLSearchParams(now), ["state", "site"]);
  const list = useRows(path, filters, topics, keyOf);
  const sites = Sites();
  return html`<div class=${id ? "only-wide" : ""}><${Filters} page=${`goods/${tab}`} now=${filters} choices=${[
      { name: "state", label: t("channel.state"), all: t("goods.all_states"), options: states.map((s) => [s, t(`state.${s}`)]) },
      { name: "site", label: t("adjust.site"), all: t("station.all_sites"), options: sites.map((s) => [s, title(s)]) }]} />
    ${create ?? null}</div>
    <div class=${`grid gs ${id ? "picked" : ""}`}><div class="list-side"><${ListOr} label=${t(`goods.${tab}`)} cols=${cols} cls=${cls} list=${list} cells=${cells}
        to=${(/** @type {any} */ r) => href("goods", `${tab}/${keyOf(r)}`, filters)} selected=${(/** @type {any} */ r) => keyOf(r) === id}
        empty=${() => html`<div class="card"><${Empty} icon="stock" title=${t(`goods.none_${tab}`)} /></div>`} /></div>
      <div class="item-side">${id ? html`<div class="only-narrow"><p class="pad"><a href=${href("goods", tab, filters)}>${t(`goods.${tab}`)}</a></p></div>${card(id)}`
        : html`<div class="only-wide card"><${Empty} icon="stock" title=${t("goods.pick")} /></div>`}</div></div>`;
}

/** @param {{path: string, topics: string[], draw: (d: any, at: number) => any}} props one thing, or why it is not there */
export function One({ path, topics, draw }) {
  const res = useResource(path, topics);
  if (!res.data) return html`<${Card}><${Part} res=${res} rows=${5} draw=${() => null} /><//>`;
  return draw(res.data, res.at);
}
