// What lay where at a past instant, by all that is known now. The instant stands in the address.
import { html } from "/shared/ui.js";
import { serverNow } from "../live.js";
import { Card, Part as Awaited, Tag } from "../parts.js";
import { useResource } from "../resource.js";
import { go, href } from "../router.js";
import { language, num, t } from "../words.js";
import { placeWords } from "./places.js";
import { sum } from "./sums.js";

const MINUTE_MS = 60000;

/** As a datetime field has it: this computer's own wall clock. @param {number} at */
const fieldOf = (at) => new Date(at - new Date(at).getTimezoneOffset() * MINUTE_MS).toISOString().slice(0, 16);

/** Day and time in full: a past instant may be years ago. @param {number} at */
const inFull = (at) => new Intl.DateTimeFormat(language.get().lang, { dateStyle: "medium", timeStyle: "short" }).format(at);

/** @param {{sku: string, at: number, q: string, close: () => void}} props */
function AsOf({ sku, at, q, close }) {
  const keep = /** @type {Record<string, string>} */ (q ? { q } : {});
  /** @param {any} e */
  const choose = (e) => {
    const chosen = new Date(e.target.value).getTime();
    if (chosen > 0) go(href("stock", sku, { ...keep, at: String(chosen) }));
  };
  return html`<div class="card pad form"><label>${t("past.field")}<input type="datetime-local" max=${fieldOf(serverNow())} value=${at ? fieldOf(at) : ""} onChange=${choose} /></label>
    <a class="link" href=${href("stock", sku, keep)} onClick=${close}>${t("past.now")}</a></div>`;
}

/** Rows of places within the sites: what came from and went to elsewhere is no stock. @param {{sku: string, at: number}} props */
function Past({ sku, at }) {
  const res = useResource(`/stock/${encodeURIComponent(sku)}?at=${at}`, ["stock"]);
  const rows = (res.data?.places ?? []).filter((/** @type {any} */ p) => p.place.includes("/"));
  const shelves = sum(rows.filter((/** @type {any} */ p) => p.place.split("/")[1] === "shelf"), "quantity");
  return html`<${Card} title=${t("past.title", { when: inFull(at) })} aside=${html`<${Tag} tone="ask">${t("past.tag")}<//>`}>
    <p class="pad m"><bdi>${sku}</bdi>: ${t("past.meaning")}</p>
    ${res.data ? html`<div class="rows">${rows.map((/** @type {any} */ p) => html`<div key=${p.place} class="res two"><span>${placeWords(p.place, "")}</span><b class="r">${num(p.quantity)}</b></div>`)}
      ${rows.length ? html`<div class="res two"><b>${t("past.shelves")}</b><b class="r">${num(shelves)}</b></div>` : html`<p class="pad m">${t("past.nothing")}</p>`}</div>` : html`<${Awaited} res=${res} rows=${3} draw=${() => null} />`}<//>`;
}

/** @param {{sku: string, at: number, q: string, close?: () => void}} props at: 0: to be chosen */
export const Part = ({ sku, at, q, close }) => html`<${AsOf} sku=${sku} at=${at} q=${q} close=${close} />${at ? html`<${Past} sku=${sku} at=${at} />` : null}`;
