// Answers as a page: whatever number, name or code a person may hold in hand, by GET /search. Arrows
// choose, Enter opens, Esc leaves; a scan with its Enter opens the only hit.
import { html, useEffect, useRef, useState } from "/shared/ui.js";
import { get, query } from "../api.js";
import { Age, Empty, Failure, Head, Marked, useSlow } from "../parts.js";
import { go, href } from "../router.js";
import { hasWords, num, t, title } from "../words.js";
import { kindWords } from "./exceptions.js";

/** @typedef {{type: string, id: string, match: string, text: string, sub: string, state: string, at_ms: number | null}} Hit */

const HITS_MAX = 40;

/** Where a hit leads. @param {Hit} h */
function addressOf(h) {
  if (h.type === "order") return href("orders", h.id);
  if (h.type === "item") return href("stock", h.id);
  if (h.type === "exception") return href("exceptions", h.id);
  const tab = { delivery: "deliveries", transfer: "transfers", purchase: "purchases" }[h.type];
  if (tab) return href("goods", `${tab}/${h.id}`);
  return href("stations", "", { site: h.id.split("/")[0] });
}

/** What stands under it: the customer or title, the state, and by what it was found. @param {Hit} h */
function underOf(h) {
  const sub = h.type === "station" ? title(h.sub) : h.sub;
  const state = h.type === "exception" ? kindWords(h.state) : h.state && hasWords(`order.state_${h.state}`) ? t(`order.state_${h.state}`) : "";
  const by = hasWords(`search.by_${h.match}`) ? t(`search.by_${h.match}`) : "";
  return [sub, state, by].filter(Boolean).join(", ");
}

/** @param {string} q */
async function find(q) {
  const began = performance.now();
  const answer = await get(`/search${query({ q, limit: HITS_MAX })}`);
  return { q, hits: /** @type {Hit[]} */ (answer.hits), ms: Math.round(performance.now() - began) };
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
    const exact = hits.filter((h) => [h.text, h.id].some((x) => x.toLowerCase() === q.toLowerCase()));
    const hit = hits.length === 1 ? hits[0] : exact.length === 1 ? exact[0] : null;
    if (hit) go(addressOf(hit), params.has("open"));
    else /** @type {HTMLElement | null} */ (document.querySelector("[data-nav]"))?.focus();
  };
  useEffect(() => {
    document.addEventListener("dockline-open-first", open);
    return () => document.removeEventListener("dockline-open-first", open);
  });
  useEffect(() => {
    if (params.has("open")) wanted.current = q; // a scan on another page
    if (found && wanted.current === found.q) open();
  }, [found, q]);
  if (error && !found) return html`<h1>${t("nav.search")}</h1><div class="card"><${Failure} error=${error} at=${0} /></div>`;
  if (!found || !q) return html`<h1>${t("nav.search")}</h1>${slow ? html`<p class="m" role="status">${t("search.searching")}</p>` : null}`;
  return html`<${Head} title=${t("search.title", { n: found.hits.length, q: found.q })} sub=${t("search.sub", { ms: found.ms })} />
    <div class="card" onKeyDown=${arrows}>${found.hits.length ? html`<ul class="hits" aria-label=${t("search.matches")}>
      ${found.hits.map((/** @type {Hit} */ h) => html`<li key=${`${h.type} ${h.id}`}><a class="res pick" data-nav href=${addressOf(h)}>
        <span class="tag plain">${t(`search.${h.type}`)}</span><span class="cell"><span class="clip"><${Marked} text=${h.text} q=${found.q} /></span>
        <span class="s m clip"><${Marked} text=${underOf(h)} q=${found.q} /></span></span>${h.at_ms ? html`<${Age} at=${h.at_ms} />` : html`<span></span>`}</a></li>`)}</ul>`
      : html`<${Empty} icon="find" title=${t("search.none", { q: found.q })} text=${t("search.none_do")} />`}</div>
    ${found.hits.length === HITS_MAX ? html`<p class="m pad">${t("search.more")}${" "}<a href=${href("orders", "", { q: found.q })}>${t("nav.orders")}</a>,${" "}
      <a href=${href("stock", "", { q: found.q })}>${t("nav.stock")}</a></p>` : null}
    <p class="hid" role="status">${t("search.title", { n: found.hits.length, q: found.q })} ${num(found.hits.length)}</p>`;
}
