// Pieces of an item that are told apart: by lot, serial, last day and owner. What has expired, or
// soon will, is marked. The server lists them first expired first within a place.
import { html, useState } from "/shared/ui.js";
import { serverNow } from "../live.js";
import { Age, Card, Tag } from "../parts.js";
import { useResource } from "../resource.js";
import { language, num, t } from "../words.js";
import { placeWords } from "./places.js";
import { sum } from "./sums.js";

const DAY_MS = 86400000;
const SOON_DAYS = 30;
const SHOWN = 8;
const SHOWN_MORE = 50; // a serial is a row: there may be thousands

/** @param {string} sku */
export const useLots = (sku) => useResource(`/stock/${encodeURIComponent(sku)}/lots`, ["stock"]);

/** Days that are left; 0: the last one. @param {any} l @param {number} now */
const daysLeft = (l, now) => Math.floor((l.expires_ms - now) / DAY_MS);
/** @param {any} l @param {number} now @returns {"" | "expired" | "soon"} */
const stateOf = (l, now) => (!l.expires_ms ? "" : l.expires_ms <= now ? "expired" : daysLeft(l, now) < SOON_DAYS ? "soon" : "");

/** Goods expire at the end of a day, which codes by GS1 name without a zone. @param {number} at */
export const lastDay = (at) => new Intl.DateTimeFormat(language.get().lang, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" }).format(at - 1);

/** What is written on them. @param {any} l */
export const lotName = (l) => [l.lot && t("lots.lot", { lot: l.lot }), l.serial && t("lots.serial", { serial: l.serial })].filter(Boolean).join(", ") || t("lots.unnamed");

/** @param {{l: any, now: number}} props */
function Until({ l, now }) {
  if (!l.expires_ms) return t("lots.no_expiry");
  const state = stateOf(l, now);
  const day = lastDay(l.expires_ms);
  if (!state) return t("lots.until", { day });
  return html`<${Tag} tone=${state === "expired" ? "stop" : "ask"}>${state === "expired" ? t("lots.expired", { day }) : t("lots.soon", { n: daysLeft(l, now), day })}<//>`;
}

/** @param {{item: any}} props nothing is shown of an item whose pieces are all alike */
export function Lots({ item }) {
  const res = useLots(item.sku);
  const [more, setMore] = useState(1);
  const lots = res.data?.items ?? [];
  if (!lots.length) return null;
  const now = serverNow();
  const of = (/** @type {string} */ state) => sum(lots.filter((/** @type {any} */ l) => stateOf(l, now) === state), "quantity");
  const [expired, soon] = [of("expired"), of("soon")];
  // What needs a hand stands first, whatever its place.
  const rank = (/** @type {any} */ l) => ["expired", "soon", ""].indexOf(stateOf(l, now));
  const shown = [...lots].sort((a, b) => rank(a) - rank(b)).slice(0, more === 1 ? SHOWN : (more - 1) * SHOWN_MORE);
  return html`<${Card} title=${t("lots.title")} aside=${t("stock.pieces_n", { n: sum(lots, "quantity") })}>
    ${expired || soon ? html`<p class="pad tags">${expired ? html`<${Tag} tone="stop">${t("lots.n_expired", { n: expired })}<//>` : null}${" "}
      ${soon ? html`<${Tag} tone="ask">${t("lots.n_soon", { n: soon, days: SOON_DAYS })}<//>` : null}</p>` : null}
    <div class="rows">${shown.map((l) => html`<div key=${[l.place, l.lot, l.serial, l.expires_ms, l.ownership, l.owner].join(" ")} class="res three moves">
      <b class="r">${num(l.quantity)}</b><span class="cell"><bdi>${lotName(l)}</bdi>
        <span class="s m block">${placeWords(l.place, "")}${l.ownership === "own" ? "" : `, ${t("lots.owned", { kind: l.ownership, owner: l.owner || t("lots.nobody") })}`}</span>
        <span class="s m block"><${Until} l=${l} now=${now} /></span></span><${Age} at=${l.received_ms} /></div>`)}</div>
    ${lots.length > shown.length ? html`<div class="pad"><button type="button" class="btn small" onClick=${() => setMore(more + 1)}>${t("lots.more", { n: lots.length - shown.length })}</button></div>` : null}<//>`;
}
