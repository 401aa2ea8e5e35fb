// Stock as a table, and for one item the sum behind what the channels are told.
import { html, useState } from "/shared/ui.js";
import { Filters } from "../filters.js";
import { Later, Opens } from "../later.js";
import { Age, Card, Empty, Head, Part } from "../parts.js";
import { BY_TIME_MS, useResource } from "../resource.js";
import { href } from "../router.js";
import { useRows } from "../rows.js";
import { Table } from "../table.js";
import { ListOr } from "../vlist.js";
import { num, t, title } from "../words.js";
import { Adjust } from "./adjust.js";
import { Backorder } from "./backorder.js";
import { Bins, MoveBins } from "./bins.js";
import { Derivation } from "./derivation.js";
import { History } from "./history.js";
import { Kept } from "./kept.js";
import { Kits } from "./kits.js";
import { Lots } from "./lots.js";
import { placeWords } from "./places.js";
import { sum } from "./sums.js";
import { Waterfall } from "./waterfall.js";

const columns = () => [
  { label: t("stock.item") }, { label: t("stock.on_hand"), right: true }, { label: t("stock.reserved"), right: true },
  { label: t("stock.atp"), right: true }, { label: t("stock.as_of"), right: true },
];

/** When anything moved last. @param {any[]} sites */
const newest = (sites) => sites.reduce((n, s) => Math.max(n, s.as_of_ms ?? 0), 0);

/** @param {any} s @param {Record<string, string>} params */
const cells = (s, params) => [
  html`<a href=${href("stock", s.sku, params)} tabindex="-1" class="clip">${s.title || s.sku}</a>
    <span class="s m clip"><bdi>${s.sku}</bdi></span>`,
  num(sum(s.sites, "on_hand")), num(sum(s.sites, "reserved")), html`<b>${num(sum(s.sites, "atp"))}</b>`,
  html`<${Age} at=${newest(s.sites)} />`,
];

/** @param {{sku: string, q: string}} props */
function StockList({ sku, q }) {
  const params = /** @type {Record<string, string>} */ (q ? { q } : {});
  const list = useRows("/stock", params, ["stock"], (s) => s.sku);
  return html`<${ListOr} label=${t("nav.stock")} cols=${columns()} cls="c-sku" list=${list} cells=${(/** @type {any} */ s) => cells(s, params)}
    to=${(/** @type {any} */ s) => href("stock", s.sku, params)} selected=${(/** @type {any} */ s) => s.sku === sku}
    empty=${() => html`<div class="card">${q
      ? html`<${Empty} icon="stock" title=${t("stock.none_found", { q })}><a class="btn" href=${href("stock")}>${t("stock.show_all")}</a><//>`
      : html`<${Empty} icon="stock" title=${t("stock.none_yet")} text=${t("stock.none_yet_do")}>
          <a class="btn go" href=${href("import")}>${t("nav.import")}</a><//>`}</div>`} />`;
}

/** @param {{item: any}} props */
function Moves({ item }) {
  const [all, setAll] = useState(false);
  const moves = all ? item.moves : item.moves.slice(0, 8);
  return html`<${Card} title=${t("stock.moves")} aside=${t("stock.moves_n", { n: item.moves.length })}>
    <div class="rows">${moves.map((/** @type {any} */ m, /** @type {number} */ i) => html`<div key=${m.position ?? i} class="res three moves">
      <b class="r">${num(m.quantity)}</b><span class="cell">${t("stock.from_to", { from: placeWords(m.from, m.from_bin), to: placeWords(m.to, m.to_bin) })}
        <span class="s m block">${m.reason}</span></span><${Age} at=${m.at_ms} /></div>`)}
      ${moves.length ? null : html`<p class="pad m">${t("stock.no_moves")}</p>`}</div>
    ${item.moves.length > moves.length ? html`<div class="pad"><button type="button" class="btn small"
      onClick=${() => setAll(true)}>${t("stock.all_moves", { n: item.moves.length })}</button></div>` : null}<//>`;
}

const PLACES = ["on_hand", "packed", "staging", "quarantine", "damaged", "in_transit"];

/** What lies where, per site: only kinds of place that hold something. @param {{item: any}} props */
function Places({ item }) {
  const kinds = PLACES.filter((k) => item.sites.some((/** @type {any} */ s) => s[k]));
  if (!kinds.length || !item.sites.length) return null;
  const cols = [{ label: t("adjust.site") }, ...kinds.map((k) => ({ label: t(`kindplace.${k}`), right: true }))];
  return html`<${Table} label=${t("stock.places")} cols=${cols} cls=${`c-places n${kinds.length}`} total=${item.sites.length} first=${1} labels
    before=${html`<header><h2>${t("stock.places")}</h2></header>`}
    rows=${item.sites.map((/** @type {any} */ s) => ({ key: s.site, cells: [html`<b>${title(s.site)}</b><${Bins} site=${s} />`, ...kinds.map((k) => num(s[k] ?? 0))] }))} />`;
}

/** @param {{item: any}} props */
function Reserved({ item }) {
  if (!item.reservations?.length) return null;
  const shown = item.reservations.slice(0, 8);
  const more = item.reservations.length - shown.length;
  return html`<${Card} title=${t("stock.reserved_for")} aside=${t("stock.pieces_n", { n: sum(item.reservations, "quantity") })}>
    <div class="rows">${shown.map((/** @type {any} */ r) => html`<div key=${`${r.order} ${r.line}`} class="res three moves">
      <b class="r">${num(r.quantity)}</b><a class="clip" href=${href("orders", r.order)}>${r.order}</a>
      <span class="age">${title(r.site)}</span></div>`)}
      ${more > 0 ? html`<p class="pad m">${t("stock.more_orders", { n: more })}</p>` : null}</div><//>`;
}

/** The instant that an address names; 0: now. @param {URLSearchParams} params */
export function instantOf(params) {
  const at = Number(params.get("at"));
  return Number.isSafeInteger(at) && at > 0 && at < 8.64e15 ? at : 0;
}

/** What a person can move lies there. @param {any} s */
const movable = (s) => ["on_hand", "quarantine", "damaged", "staging"].some((k) => s[k] > 0);

/** @param {{sku: string, q: string, at: number}} props at: a past instant, 0: now */
function Item({ sku, q, at }) {
  const res = useResource(`/stock/${encodeURIComponent(sku)}`, ["stock", "channels", "outbox"]);
  const stations = useResource("/stations", ["stations"], BY_TIME_MS);
  const why = useResource(`/stock/${encodeURIComponent(sku)}/derivation`, ["stock", "channels", "outbox", "stations"]);
  const head = html`<div class="only-narrow"><${Head} title=${res.data?.title || sku}
    sub=${html`<a href=${href("stock", "", q ? { q } : {})}>${t("nav.stock")}</a>, <bdi>${sku}</bdi>`} /></div>`;
  if (!res.data && res.error?.kind === "missing")
    return html`${head}<div class="card"><${Empty} icon="stock" title=${t("stock.missing", { sku })}>
      <a class="btn" href=${href("search", "", { q: sku })}>${t("order.search_it")}</a><//></div>`;
  if (!res.data) return html`${head}<div class="card"><${Part} res=${res} rows=${9} draw=${() => null} /></div>`;
  if (at)
    return html`${head}<div class="grid side"><${Later} name="past" sku=${sku} at=${at} q=${q} /></div>`;
  const figures = why.data?.figures ?? [];
  return html`${head}<div class="grid side">${figures.length ? html`<${Waterfall} figures=${figures} />` : null}
    <${Derivation} item=${res.data} at=${res.at} stations=${stations.data?.items ?? []} short=${figures.length > 0} /><${Adjust} item=${res.data} /><${MoveBins} item=${res.data} />${res.data.sites.some(movable) ? html`<${Opens} name="relocate" label=${t("relocate.open")} item=${res.data} />` : null}
    <${Opens} name="past" label=${t("past.open")} sku=${sku} at=${0} q=${q} /><${Opens} name="itemform" label=${t("item.change")} item=${res.data} />
    
    <${Kits} sku=${res.data.sku} /><${Kept} item=${res.data} /><${Backorder} sku=${res.data.sku} />${why.data || why.error ? html`<${History} item=${res.data} />` : null}<${Places} item=${res.data} /><${Lots} item=${res.data} /><${Reserved} item=${res.data} /><${Moves} item=${res.data} /></div>`;
}

/** @param {{id: string, params: URLSearchParams}} props */
export function Page({ id: sku, params }) {
  const q = params.get("q") ?? "";
  return html`<div class=${sku ? "only-wide" : ""}><${Head} title=${t("nav.stock")}>
      <${Filters} page="stock" now=${/** @type {Record<string, string>} */ (q ? { q } : {})} text=${t("stock.filter")} /><//>${sku ? null : html`<div class="apart-card"><${Opens} name="itemform" label=${t("item.new")} /></div>`}</div>
    <div class=${`grid gs ${sku ? "picked" : ""}`}>
      <div class="list-side"><${StockList} sku=${sku} q=${q} /></div>
      ${sku ? html`<div class="item-side"><${Item} key=${sku} sku=${sku} q=${q} at=${instantOf(params)} /></div>` : html`<div class="item-side only-wide card"><${Empty} icon="stock"
        title=${t("stock.pick")} text=${t("stock.pick_why")} /></div>`}
    </div>${sku ? null : html`<${Later} name="save" tables=${["stock", "items", "barcodes", "bins", "places", "sites"]} />`}`;
}
