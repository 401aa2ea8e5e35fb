// Transfers between sites: ordered, sent, on the way, received; what is lost says so.
import { html } from "/shared/ui.js";
import { Age, Card, Clock } from "../parts.js";
import { useResource } from "../resource.js";
import { href } from "../router.js";
import { num, t, title } from "../words.js";
import { Acts, by, ListAndCard, NumberField, One, SiteField, State, text, TextField, whole } from "./goods_parts.js";
import { UnitOf, UnitTyped, unitOf } from "./units.js";

const TOPICS = ["transfers", "stock", "events"];
const PROPOSALS_SHOWN = 8; // the list is made anew each day: what is not ordered comes again

const columns = () => [{ label: t("transfer.transfer") }, { label: t("channel.state") }, { label: t("transfer.quantity"), right: true }];

/** @param {any} x */
const cells = (x) => [
  html`<a class="clip" tabindex="-1" href=${href("goods", `transfers/${x.transfer}`)}><bdi>${x.sku}</bdi></a><span class="s m clip">${t("transfer.from_to", { from: title(x.from_site), to: title(x.to_site) })}</span>`,
  html`<${State} state=${x.state} />`, num(x.quantity)];

/** @param {any} x @returns {Record<string, any>} */
function actsOf(x) {
  const path = `/transfers/${encodeURIComponent(x.transfer)}`;
  const values = { sku: x.sku };
  return {
    send: { when: !x.settled && x.sent < x.quantity, words: "send", values, bare: true, path: `${path}/send`, fields: html`<${NumberField} name="quantity" label=${t("transfer.quantity")} /><${UnitOf} sku=${x.sku} />`,
      body: (/** @type {FormData} */ f) => ({ quantity: whole(f, "quantity"), ...unitOf(f), by: by() }) },
    receive: { when: !x.settled && x.in_transit > 0, words: "takein", values, bare: true, path: `${path}/receive`,
      fields: html`<${NumberField} name="quantity" min=${0} label=${t("receive.quantity")} /><${NumberField} name="damaged" min=${0} optional label=${t("receive.damaged")} /><${UnitOf} sku=${x.sku} /><label>${t("bin.to")}<input name="bin" /></label>`,
      body: (/** @type {FormData} */ f) => ({ quantity: whole(f, "quantity"), ...unitOf(f), ...(text(f, "damaged") ? { damaged: whole(f, "damaged") } : {}), ...(text(f, "bin") ? { bin: text(f, "bin") } : {}), by: by() }) },
    close: { when: !x.settled, words: "closing", values: { delivery: x.transfer }, path: `${path}/close`, body: (/** @type {FormData} */ f) => ({ why: text(f, "reason"), by: by() }) },
  };
}

/** @param {{x: any}} props */
const Transfer = ({ x }) => html`<div class="grid side"><${Card} title=${t("transfer.from_to", { from: title(x.from_site), to: title(x.to_site) })} aside=${html`<${Age} at=${x.changed_ms} />`}><div class="pad">
    <p><${State} state=${x.state} /></p><dl class="kv"><dt>${t("stock.item")}</dt><dd><a href=${href("stock", x.sku)}><bdi>${x.sku}</bdi></a></dd>
      <dt>${t("transfer.wanted")}</dt><dd>${num(x.quantity)}</dd><dt>${t("transfer.sent")}</dt><dd>${num(x.sent)}</dd><dt>${t("transfer.received")}</dt><dd>${num(x.received)}${x.damaged ? `, ${t("delivery.damaged", { n: x.damaged })}` : ""}</dd>
      <dt>${t("transfer.in_transit")}</dt><dd>${num(x.in_transit)}</dd><dt>${t("delivery.expected")}</dt><dd>${x.expected_ms ? html`<${Clock} at=${x.expected_ms} />` : t("delivery.no_date")}</dd></dl>
    ${x.why ? html`<p class="s m">${x.why}, ${x.by}</p>` : null}</div><//>
  <${Acts} acts=${actsOf(x)} label=${(/** @type {string} */ n) => t(`transfer.do_${n}`)} /></div>`;

const create = () => html`<div class="apart-card"><${Acts} label=${() => t("transfer.order")} acts=${{ order: { words: "transfer", values: {}, path: "/transfers",
  fields: html`<${TextField} name="sku" label=${t("adjust.item")} /><${SiteField} name="from" label=${t("transfer.from")} /><${SiteField} name="to" label=${t("transfer.to")} />
    <${NumberField} name="quantity" label=${t("transfer.quantity")} /><${UnitTyped} />`,
  body: (/** @type {FormData} */ f) => ({ sku: text(f, "sku"), from_site: text(f, "from"), to_site: text(f, "to"), quantity: whole(f, "quantity"), ...unitOf(f), why: text(f, "reason"), by: by() }) } }} /></div>`;

/** @param {{p: any}} props one proposal and the act that orders it */
const Proposal = ({ p }) => html`<div class="block-res res"><p><b>${t("transfer.pieces_of", { n: p.quantity })}</b> <a href=${href("stock", p.sku)}><bdi>${p.sku}</bdi></a>,${" "}
    ${t("transfer.from_to", { from: title(p.from_site), to: title(p.to_site) })}<span class="s m block">${p.why}</span></p>
  <${Acts} label=${() => t("transfer.order_this", { sku: p.sku })} acts=${{ order: { words: "transfer", values: {}, bare: true, path: "/transfers",
    fields: html`<label>${t("transfer.quantity")}<input name="quantity" type="number" min="1" step="1" required value=${String(p.quantity)} /></label>`,
    body: (/** @type {FormData} */ f) => ({ sku: p.sku, from_site: p.from_site, to_site: p.to_site, quantity: whole(f, "quantity"), why: p.why, by: by() }) } }} /></div>`;

/** What the daily look proposes; nothing is shown while it proposes nothing. */
function Proposals() {
  const res = useResource("/transfers/proposals", TOPICS);
  const items = res.data?.items ?? [];
  if (!items.length) return null;
  const shown = items.slice(0, PROPOSALS_SHOWN);
  return html`<div class="apart-card"><${Card} title=${t("transfer.proposed")} aside=${html`<${Age} at=${items[0].at_ms} />`}><div class="rows">
    ${shown.map((/** @type {any} */ p) => html`<${Proposal} key=${`${p.sku} ${p.from_site} ${p.to_site}`} p=${p} />`)}
    ${items.length > shown.length ? html`<p class="pad m">${t("transfer.more_proposed", { n: items.length - shown.length })}</p>` : null}</div><//></div>`;
}

/** @param {{id: string, now: Record<string, string>}} props */
export const Transfers = ({ id, now }) => html`${id ? null : html`<${Proposals} />`}<${ListAndCard} tab="transfers" path="/transfers" topics=${TOPICS} now=${now} id=${id} keyOf=${(/** @type {any} */ x) => x.transfer}
  cols=${columns()} cells=${cells} states=${["open", "closed"]} cls="c-goods" create=${create()}
  card=${(/** @type {string} */ which) => html`<${One} key=${which} path=${`/transfers/${encodeURIComponent(which)}`} topics=${TOPICS} draw=${(/** @type {any} */ x) => html`<${Transfer} x=${x} />`} />`} />`;
