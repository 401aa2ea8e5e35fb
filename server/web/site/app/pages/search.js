// Answers as a page: orders, items, stations, cases. Arrows choose, Enter opens, Esc leaves.
import { html, useEffect, useRef, useState } from "/shared/ui.js";
import { get, query } from "../api.js";
import { Age, Empty, Failure, Head, Marked, useSlow } from "../parts.js";
import { go, href } from "../router.js";
import { num, t, title } from "../words.js";
import { orderWords } from "./orderwords.js";
import { sum } from "./sums.js";

/** @typedef {{kind: string, key: string, text: string, sub: any, at: number | null, to: string}} Hit */

const EACH_MAX = 8;

/** @param {any} o @returns {Hit} */
const orderHit = (o) => ({ kind: "order", key: `o${o.id}`, text: [o.number, o.customer, o.tracking].filter(Boolean).join(", "),
  sub: orderWords(o), at: o.updated_ms, to: href("orders", o.id) });
/** @param {any} s @returns {Hit} */
const itemHit = (s) => ({ kind: "item", key: `s${s.sku}`, text: `${s.title}, ${s.sku}`,
  sub: t("search.can_ship", { n: sum(s.sites, "atp") }), at: s.sites[0]?.as_of_ms ?? null, to: href("stock", s.sku) });
/** @param {any} s @returns {Hit} */
const stationHit = (s) => ({ kind: "station", key: `b${s.site}/${s.station}`, text: `${title(s.station)}, ${title(s.site)}`,
  sub: s.silent ? t("search.silent") : t("search.waiting", { n: s.waiting }), at: s.heard_ms, to: href("stations", "", { site: s.site }) });
/** @param {any} e @returns {Hit} */
const caseHit = (e) => ({ kind: "case", key: `e${e.id}`, text: [e.what, e.subject].filter(Boolean).join(" "), sub: e.context,
  at: e.raised_ms, to: href("exceptions") });

/** @param {string} text @param {string} q */
const holds = (text, q) => text.toLocaleLowerCase().includes(q.toLocaleLowerCase());

/** @param {string} q */
async function find(q) {
  const began = performance.now();
  const [orders, stock, stations, cases] = await Promise.all([
    get(`/orders${query({ q, limit: EACH_MAX })}`), get(`/stock${query({ q, limit: EACH_MAX })}`),
    get("/stations"), get(`/exceptions${query({ state: "open", limit: 200 })}`)]);
  const hits = [
    ...orders.items.map(orderHit), ...stock.items.map(itemHit),
    ...stations.items.map(stationHit).filter((/** @type {Hit} */ h) => holds(h.text, q)).slice(0, EACH_MAX),
    ...cases.items.map(caseHit).filter((/** @type {Hit} */ h) => holds(`${h.text} ${h.sub}`, q)).slice(0, EACH_MAX)];
  return { q, hits, ms: Math.round(performance.now() - began), orders: orders.total, items: stock.total,
    n: hits.length - orders.items.length - stock.items.length + orders.total + stock.total };
}

/** @param {string} q @returns {{found: any, error: any, since: number}} */
function useFind(q) {
  const [state, set] = useState({ found: /** @type {any} */ (null), error: /** @type {any} */ (null), since: Date.now() });
  useEffect(() => {
    let stale = false;
    set((s) => ({ ...s, since: Date.now() }));
    const timer = setTimeout(async () => {
      try {
        const found = await find(q);
        if (!stale) set({ found, error: null, since: 0 });
      } catch (error) {
        if (!stale) set((s) => ({ ...s, error, since: 0 }));
      }
    }, 60);
    return () => { stale = true; clearTimeout(timer); };
  }, [q]);
  return state;
}

/** @param {KeyboardEvent} e */
function arrows(e) {
  const rows = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-nav]"))];
  const at = rows.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  if (e.key === "ArrowDown") rows[Math.min(rows.length - 1, at + 1)]?.focus();
  else if (e.key === "ArrowUp" && at === 0) document.getElementById("q")?.focus();
  else if (e.key === "ArrowUp") rows[at - 1]?.focus();
  else if (e.key === "Escape") history.back();
  else return;
  e.preventDefault();
}

/** @param {{params: URLSearchParams}} props */
export function Page({ params }) {
  const q = params.get("q") ?? "";
  const { found, error, since } = useFind(q);
  const slow = useSlow(since);
  const wanted = useRef("");
  // Enter in the field (a scanner types it too) opens the only match, or the exact one; when it
  // comes before the answer, the answer opens it.
  const open = () => {
    if (found?.q !== q) return void (wanted.current = q);
    wanted.current = "";
    const hits = /** @type {Hit[]} */ (found.hits);
    const exact = (/** @type {Hit} */ h) => h.text.split(", ").some((p) => p.toLowerCase() === q.toLowerCase());
    const hit = hits.length === 1 ? hits[0] : hits.find(exact);
    if (hit) go(hit.to);
    else /** @type {HTMLElement | null} */ (document.querySelector("[data-nav]"))?.focus();
  };
  useEffect(() => {
    document.addEventListener("dockline-open-first", open);
    return () => document.removeEventListener("dockline-open-first", open);
  });
  useEffect(() => {
    if (found && wanted.current === found.q) open();
  }, [found]);
  if (error && !found) return html`<h1>${t("nav.search")}</h1><div class="card"><${Failure} error=${error} at=${0} /></div>`;
  if (!found || !q) return html`<h1>${t("nav.search")}</h1>${slow ? html`<p class="m" role="status">${t("search.searching")}</p>` : null}`;
  const more = [["orders", found.orders], ["stock", found.items]].filter(([, n]) => n > EACH_MAX);
  return html`<${Head} title=${t("search.title", { n: found.n, q: found.q })} sub=${t("search.sub", { ms: found.ms })} />
    <div class="card" onKeyDown=${arrows}>${found.hits.length ? html`<ul class="hits" aria-label=${t("search.matches")}>
      ${found.hits.map((/** @type {Hit} */ h) => html`<li key=${h.key}><a class="res pick" data-nav href=${h.to}>
        <span class="tag plain">${t(`search.${h.kind}`)}</span><span class="cell"><span class="clip"><${Marked} text=${h.text} q=${found.q} /></span>
        <span class="s m clip">${h.sub}</span></span>${h.at ? html`<${Age} at=${h.at} />` : html`<span></span>`}</a></li>`)}</ul>`
      : html`<${Empty} icon="find" title=${t("search.none", { q: found.q })} text=${t("search.none_do")} />`}</div>
    ${more.map(([page, n]) => html`<p key=${page} class="m pad">${t("search.more", { n: n - EACH_MAX, kind: page })}${" "}
      <a href=${href(page, "", { q: found.q })}>${t("search.as_list")}</a></p>`)}
    <p class="hid" role="status">${t("search.title", { n: found.n, q: found.q })} ${num(found.hits.length)}</p>`;
}
