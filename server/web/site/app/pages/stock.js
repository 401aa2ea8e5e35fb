// Stock as a table, and for one item the sum behind what the channels are told.
import { html, useState } from "/shared/ui.js";
import { Age, Card, Empty, Failure, Head, Part, useSlow } from "../parts.js";
import { usePaged } from "../paged.js";
import { BY_TIME_MS, useResource } from "../resource.js";
import { href } from "../router.js";
import { Paging, SkeletonTable, Table, Waiting } from "../table.js";
import { num, t, title } from "../words.js";
import { Adjust } from "./adjust.js";
import { Derivation } from "./derivation.js";
import { sum } from "./sums.js";

const columns = () => [
  { label: t("stock.item") }, { label: t("stock.on_hand"), right: true }, { label: t("stock.reserved"), right: true },
  { label: t("stock.atp"), right: true }, { label: t("stock.as_of"), right: true },
];

/** When anything moved last. @param {any[]} sites */
const newest = (sites) => sites.reduce((n, s) => Math.max(n, s.as_of_ms ?? 0), 0);

/** @param {any} s @param {Record<string, string>} params */
const cells = (s, params) => [
  html`<a href=${href("stock", s.sku, params)} data-nav class="clip">${s.title || s.sku}</a>
    <span class="s m clip"><bdi>${s.sku}</bdi></span>`,
  num(sum(s.sites, "on_hand")), num(sum(s.sites, "reserved")), html`<b>${num(sum(s.sites, "atp"))}</b>`,
  html`<${Age} at=${newest(s.sites)} />`,
];

/** @param {{sku: string, q: string}} props */
function StockList({ sku, q }) {
  const list = usePaged("/stock", { q }, ["stock"], (s) => s.sku);
  const slow = useSlow(list.rows.length || list.res.data ? 0 : list.res.waitingSince);
  const params = /** @type {Record<string, string>} */ (q ? { q } : {});
  if (list.res.error && !list.rows.length)
    return html`<div class="card"><${Failure} error=${list.res.error} at=${0} again=${list.res.again} /></div>`;
  if (!list.res.data && !list.rows.length)
    return slow ? html`<${SkeletonTable} label=${t("nav.stock")} cols=${columns()} cls="c-sku" slow=${slow} />` : html`<div></div>`;
  if (!list.rows.length)
    return html`<div class="card">${q
      ? html`<${Empty} icon="stock" title=${t("stock.none_found", { q })}><a class="btn" href=${href("stock")}>${t("stock.show_all")}</a><//>`
      : html`<${Empty} icon="stock" title=${t("stock.none_yet")} text=${t("stock.none_yet_do")}>
          <a class="btn go" href=${href("import")}>${t("nav.import")}</a><//>`}</div>`;
  return html`<${Table} label=${t("nav.stock")} cols=${columns()} cls="c-sku" total=${list.total} first=${list.first}
    rows=${list.rows.map((s) => ({ key: s.sku, cells: cells(s, params), selected: s.sku === sku }))}
    end=${html`<${Paging} ...${list} shown=${list.rows.length}><${Waiting} list=${list} /><//>`} />`;
}

/** @param {{item: any}} props */
function Moves({ item }) {
  const [all, setAll] = useState(false);
  const moves = all ? item.moves : item.moves.slice(0, 8);
  const place = (/** @type {string} */ p) => {
    const [a, b] = p.split("/");
    return b ? t(`place.${b}`, { site: title(a) }) : t(`place.${a}`);
  };
  return html`<${Card} title=${t("stock.moves")} aside=${t("stock.moves_n", { n: item.moves.length })}>
    <div class="rows">${moves.map((/** @type {any} */ m, /** @type {number} */ i) => html`<div key=${m.position ?? i} class="res three moves">
      <b class="r">${num(m.quantity)}</b><span class="cell">${t("stock.from_to", { from: place(m.from), to: place(m.to) })}
        <span class="s m block">${m.reason}</span></span><${Age} at=${m.at_ms} /></div>`)}
      ${moves.length ? null : html`<p class="pad m">${t("stock.no_moves")}</p>`}</div>
    ${item.moves.length > moves.length ? html`<div class="pad"><button type="button" class="btn small"
      onClick=${() => setAll(true)}>${t("stock.all_moves", { n: item.moves.length })}</button></div>` : null}<//>`;
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

/** @param {{sku: string, q: string}} props */
function Item({ sku, q }) {
  const res = useResource(`/stock/${encodeURIComponent(sku)}`, ["stock", "channels", "outbox"]);
  const stations = useResource("/stations", ["stations"], BY_TIME_MS);
  const head = html`<div class="only-narrow"><${Head} title=${res.data?.title || sku}
    sub=${html`<a href=${href("stock", "", q ? { q } : {})}>${t("nav.stock")}</a>, <bdi>${sku}</bdi>`} /></div>`;
  if (!res.data && res.error?.kind === "missing")
    return html`${head}<div class="card"><${Empty} icon="stock" title=${t("stock.missing", { sku })}>
      <a class="btn" href=${href("search", "", { q: sku })}>${t("order.search_it")}</a><//></div>`;
  if (!res.data) return html`${head}<div class="card"><${Part} res=${res} rows=${9} draw=${() => null} /></div>`;
  return html`${head}<div class="grid side"><${Derivation} item=${res.data} at=${res.at} stations=${stations.data?.items ?? []} /><${Adjust} item=${res.data} />
    <${Reserved} item=${res.data} /><${Moves} item=${res.data} /></div>`;
}

/** @param {{id: string, params: URLSearchParams}} props */
export function Page({ id: sku, params }) {
  const q = params.get("q") ?? "";
  return html`<div class=${sku ? "only-wide" : ""}><${Head} title=${t("nav.stock")} sub=${q ? t("orders.matching", { q }) : undefined} /></div>
    <div class=${`grid gs ${sku ? "picked" : ""}`}>
      <div class="list-side"><${StockList} sku=${sku} q=${q} /></div>
      ${sku ? html`<div class="item-side"><${Item} key=${sku} sku=${sku} q=${q} /></div>` : html`<div class="item-side only-wide card"><${Empty} icon="stock"
        title=${t("stock.pick")} text=${t("stock.pick_why")} /></div>`}
    </div>`;
}
