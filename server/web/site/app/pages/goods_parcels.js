// Closed boxes: what stands where for which carrier, what has left, and the driver who takes it all.
import { html } from "/shared/ui.js";
import { Filters, chosen } from "../filters.js";
import { Age, Card, Clock, Empty, Tag } from "../parts.js";
import { useResource } from "../resource.js";
import { href } from "../router.js";
import { useRows } from "../rows.js";
import { num, t, title } from "../words.js";
import { ListOr } from "../vlist.js";
import { Acts, by, Sites, text, TextField } from "./goods_parts.js";

const TOPICS = ["orders", "stock", "events"];

const columns = () => [{ label: t("box.parcel") }, { label: t("channel.state") }, { label: t("box.since"), right: true }];

/** @param {{p: any}} props where a box is, or why it should stay */
export const Way = ({ p }) => (p.stopped ? html`<${Tag} tone="stop">${t(`box.stopped_${p.stopped}`)}<//>`
  : html`<${Tag} tone=${p.state === "waiting" ? "wait" : "ok"}>${t(`box.${p.state}`)}<//>`);

/** When it came to be where it is. @param {any} p */
export const sinceMs = (p) => p.delivered_ms || p.handed_ms || p.closed_ms;

/** @param {any} p */
const cells = (p) => [
  html`<a class="clip" tabindex="-1" href=${href("orders", p.order)}><bdi>${p.tracking}</bdi></a><span class="s m clip">${[p.carrier, title(p.site), p.number].filter(Boolean).join(", ")}</span>`,
  html`<${Way} p=${p} />`, html`<${Clock} at=${sinceMs(p)} />`];

/** @param {{g: any}} props what one driver takes */
const Group = ({ g }) => html`<div class="block-res res"><p><b>${t("box.stand", { n: g.parcels })}</b> ${t("box.for", { site: title(g.site), carrier: g.carrier })}<span class="s m block">${t("box.oldest")} <${Age} at=${g.oldest_ms} /></span>
    ${g.to_keep_back ? html`<${Tag} tone="stop">${t("box.keep_back", { n: g.to_keep_back })}<//>` : g.to_keep_back === null ? html`<span class="s m block">${t("box.keep_back_unknown")}</span>` : null}</p>
  <${Acts} label=${() => t("box.all_taken", { carrier: g.carrier })} acts=${{ take: { words: "taken", values: { n: g.parcels, carrier: g.carrier }, bare: true, path: "/handovers",
    fields: html`<${TextField} name="manifest" optional label=${t("box.manifest")} />`,
    body: (/** @type {FormData} */ f) => ({ site: g.site, carrier: g.carrier, ...(text(f, "manifest") ? { manifest: text(f, "manifest") } : {}), by: by() }) } }} /></div>`;

function Waiting() {
  const res = useResource("/handovers/waiting", TOPICS);
  const items = res.data?.items ?? [];
  const back = items.reduce((/** @type {number} */ n, /** @type {any} */ g) => n + (g.to_keep_back ?? 0), 0);
  return html`<div class="apart-card"><${Card} title=${t("box.waiting_card")} aside=${back ? html`<${Tag} tone="stop">${t("box.keep_back", { n: back })}<//>` : null}><div class="rows">
    ${items.length ? items.map((/** @type {any} */ g) => html`<${Group} key=${`${g.site} ${g.carrier}`} g=${g} />`)
    : html`<p class="pad m">${t("box.none_waits")}</p>`}</div><//></div>`;
}

/** @param {{id: string, now: Record<string, string>}} props */
export function Boxes({ now }) {
  const filters = chosen(new URLSearchParams(now), ["state", "site"]);
  const list = useRows("/handovers", filters, TOPICS, (/** @type {any} */ p) => p.box);
  const sites = Sites();
  return html`<${Waiting} /><${Filters} page="goods/parcels" now=${filters} choices=${[
      { name: "state", label: t("channel.state"), all: t("box.waiting"), options: ["handed_over", "delivered"].map((s) => [s, t(`box.${s}`)]) },
      { name: "site", label: t("adjust.site"), all: t("station.all_sites"), options: sites.map((s) => [s, title(s)]) }]} />
    <div class="list-side"><${ListOr} label=${t("goods.parcels")} cols=${columns()} cls="c-goods" list=${list} cells=${cells}
      to=${(/** @type {any} */ p) => href("orders", p.order)} selected=${() => false}
      empty=${() => html`<div class="card"><${Empty} icon="stock" title=${t("goods.none_parcels")} /></div>`} /></div>`;
}

/** @param {any} p @returns {Record<string, any>} */
function actsOf(p) {
  const tracking = encodeURIComponent(p.tracking);
  const values = { tracking: p.tracking, carrier: p.carrier, n: 1 };
  return {
    take: { when: p.state === "waiting", words: "taken", values, bare: true, path: "/handovers",
      fields: html`<${TextField} name="manifest" optional label=${t("box.manifest")} />`,
      body: (/** @type {FormData} */ f) => ({ parcels: [p.tracking], ...(text(f, "manifest") ? { manifest: text(f, "manifest") } : {}), by: by() }) },
    delivered: { when: p.state === "handed_over", words: "arrived", values, bare: true, path: `/parcels/${tracking}/delivered`, body: () => ({ by: by() }) },
    back: { when: p.state === "handed_over" || p.state === "delivered", words: "stayed", values, path: `/parcels/${tracking}/take-back`,
      body: (/** @type {FormData} */ f) => ({ why: text(f, "reason"), by: by() }) },
  };
}

/** The closed boxes of an order and what became of them. @param {{order: any}} props */
export function OrderBoxes({ order }) {
  const boxes = order.parcels ?? [];
  if (!boxes.length) return null;
  return html`<${Card} title=${t("box.card", { n: boxes.length })}><div class="rows">${boxes.map((/** @type {any} */ p) => html`<div key=${p.box} class="res block-res">
    <p><b><bdi>${p.tracking}</bdi></b> <${Way} p=${p} /><span class="s m block">${[p.carrier, title(p.site), p.manifest, t("box.pieces", { n: num(p.pieces) })].filter(Boolean).join(", ")}, <${Clock} at=${sinceMs(p)} /></span></p>
    <${Acts} acts=${actsOf(p)} label=${(/** @type {string} */ n) => t(`box.do_${n}`)} /></div>`)}</div><//>`;
}
