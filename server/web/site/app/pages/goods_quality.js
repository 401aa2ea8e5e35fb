// What in the master data will cost a packer or a buyer time: each finding with its place and remedy;
// and the shelves that probably hold something else than the books say.
import { html } from "/shared/ui.js";
import { Age, Card, Empty, Part, Tag } from "../parts.js";
import { useResource } from "../resource.js";
import { href } from "../router.js";
import { Table } from "../table.js";
import { hasWords, num, t, title } from "../words.js";
import { Acts, by } from "./goods_parts.js";

const SHOWN = 60;

/** @param {string} flaw */
const flawWords = (flaw) => (hasWords(`flaw.${flaw}`) ? t(`flaw.${flaw}`) : flaw.replace(/_/g, " "));

/** Some of each flaw: many missing weights hide no listing. @param {any[]} list */
function someOfEach(list) {
  const each = Math.floor(SHOWN / Math.max(1, new Set(list.map((f) => f.flaw)).size));
  /** @type {Record<string, number>} */
  const seen = {};
  return list.length <= SHOWN ? list : list.filter((f) => (seen[f.flaw] = (seen[f.flaw] ?? 0) + 1) <= each);
}

/** @param {{d: any}} props */
function Findings({ d }) {
  if (!d.items.length) return html`<div class="card"><${Empty} icon="ok" title=${t("quality.none")} text=${t("quality.checked", { n: d.items_checked })} /></div>`;
  const shown = someOfEach(d.items);
  const n = Object.values(d.counts ?? {}).reduce((/** @type {number} */ sum, /** @type {any} */ one) => sum + one, 0);
  const cols = [{ label: t("quality.flaw") }, { label: t("quality.place") }, { label: t("quality.remedy") }];
  return html`<${Table} label=${t("goods.quality")} cols=${cols} cls="c-flaw" total=${n} first=${1} before=${html`<header><h2>${t("quality.found", { n })}</h2><span class="age">${t("quality.checked", { n: d.items_checked })}</span></header>`}
    rows=${shown.map((/** @type {any} */ f, /** @type {number} */ i) => ({ key: String(i), cells: [html`<${Tag} tone="ask">${flawWords(f.flaw)}<//>`, html`<bdi>${f.place}</bdi><span class="s m block">${f.detail}${f.seen_ms ? html`, <${Age} at=${f.seen_ms} />` : null}</span>`, f.remedy] }))}
    end=${n > shown.length || d.cut ? html`<span>${t("quality.more", { n: n - shown.length })}</span>` : null} />`;
}

/** @param {{list: any[]}} props */
const Suspects = ({ list }) => html`<${Card} title=${t("suspect.title")}>${list.length ? html`<div class="rows">${list.map((s) => html`<div key=${`${s.sku} ${s.site}`} class="res moves">
    <b class="r">${num(Math.round(s.odds_pm / 10))} %</b><span class="cell"><a href=${href("stock", s.sku)}>${s.title || s.sku}</a>, ${title(s.site)}
      <span class="s m block">${t("suspect.on_hand", { n: s.on_hand })}${s.asked ? `, ${t("suspect.asked")}` : ""}</span></span><${Age} at=${s.at_ms} /></div>`)}</div>`
  : html`<p class="pad m">${t("suspect.none")}</p>`}<//>`;

export function Quality() {
  const quality = useResource("/data-quality", []);
  const suspects = useResource("/counts/suspects", ["counts", "stock"]);
  return html`<div class="apart-card"><${Acts} label=${() => t("suspect.look")} acts=${{ look: { words: "look", values: {}, bare: true, path: "/stock/look", body: () => ({ by: by() }) } }} /></div>
    <div class="grid g2 top"><div class="grid side">${quality.data ? html`<${Findings} d=${quality.data} />` : html`<div class="card"><${Part} res=${quality} rows=${6} draw=${() => null} /></div>`}</div>
      <div class="grid side">${suspects.data ? html`<${Suspects} list=${suspects.data.items} />` : html`<div class="card"><${Part} res=${suspects} rows=${3} draw=${() => null} /></div>`}</div></div>`;
}
