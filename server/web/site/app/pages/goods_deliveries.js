// Deliveries that suppliers announced, against what was received: too few, too many, others.
import { html, useState } from "/shared/ui.js";
import { Age, Card, Clock } from "../parts.js";
import { href } from "../router.js";
import { Table } from "../table.js";
import { num, t, title } from "../words.js";
import { Acts, by, ListAndCard, NumberField, One, SiteField, State, text, TextField, whole } from "./goods_parts.js";
import { Receipt } from "./goods_receipt.js";
import { UnitOf, UnitTyped, unitOf } from "./units.js";

const TOPICS = ["deliveries", "stock", "events"];

const columns = () => [{ label: t("delivery.delivery") }, { label: t("channel.state") }, { label: t("delivery.expected"), right: true }];

/** @param {any} d */
const cells = (d) => [
  html`<a class="clip" tabindex="-1" href=${href("goods", `deliveries/${d.delivery}`)}><bdi>${d.delivery}</bdi></a><span class="s m clip">${d.supplier}, ${title(d.site)}</span>`,
  html`<${State} state=${d.closed_ms ? "closed" : d.state} />`,
  d.expected_ms ? html`<${Clock} at=${d.expected_ms} />` : html`<span class="m">${t("delivery.no_date")}</span>`];

/** An announced item, and its units. @param {{d: any}} props */
function WhichOf({ d }) {
  const [sku, setSku] = useState(d.lines[0]?.sku ?? "");
  return html`<label>${t("adjust.item")}<select name="sku" onChange=${(/** @type {any} */ e) => setSku(e.target.value)}>${d.lines.map((/** @type {any} */ l) => html`<option key=${l.line} value=${l.sku}>${l.sku}</option>`)}</select></label>
    ${sku ? html`<${UnitOf} key=${sku} sku=${sku} />` : null}`;
}

/** @param {any} d @returns {Record<string, any>} */
function actsOf(d) {
  const path = `/deliveries/${encodeURIComponent(d.delivery)}`;
  const values = { delivery: d.delivery };
  return {
    receive: { when: !d.closed_ms, words: "receive", values, bare: true, path: `${path}/receive`,
      fields: html`<${WhichOf} d=${d} />
        <${NumberField} name="quantity" label=${t("receive.quantity")} /><${NumberField} name="damaged" min=${0} optional label=${t("receive.damaged")} /><label>${t("bin.to")}<input name="bin" /></label>`,
      body: (/** @type {FormData} */ f) => ({ sku: text(f, "sku"), quantity: whole(f, "quantity"), ...unitOf(f), ...(text(f, "damaged") ? { damaged: whole(f, "damaged") } : {}), ...(text(f, "bin") ? { bin: text(f, "bin") } : {}), by: by() }) },
    close: { when: !d.closed_ms, words: "closing", values, path: `${path}/close`, body: (/** @type {FormData} */ f) => ({ why: text(f, "reason"), by: by() }) },
  };
}

/** @param {any} d */
function One_({ d }) {
  const cols = [{ label: t("stock.item") }, { label: t("delivery.announced"), right: true }, { label: t("delivery.came"), right: true }, { label: t("channel.state") }];
  return html`<div class="grid side"><${Card} title=${d.delivery} aside=${html`<${Age} at=${d.announced_ms} />`}><div class="pad"><p><${State} state=${d.closed_ms ? "closed" : d.state} /></p>
      <dl class="kv"><dt>${t("delivery.supplier")}</dt><dd>${d.supplier}</dd><dt>${t("adjust.site")}</dt><dd>${title(d.site)}</dd>
        <dt>${t("delivery.expected")}</dt><dd>${d.expected_ms ? html`<${Clock} at=${d.expected_ms} />` : t("delivery.no_date")}</dd>
        ${d.purchase ? html`<dt>${t("delivery.purchase")}</dt><dd>${d.purchase}</dd>` : null}</dl>
      ${d.why ? html`<p class="s m">${d.why}, ${d.by}</p>` : null}</div><//>
    <${Acts} acts=${actsOf(d)} label=${(/** @type {string} */ n) => t(`delivery.do_${n}`)} />
    <${Table} label=${t("delivery.lines")} cols=${cols} cls="c-dlv" total=${d.lines.length} first=${1} labels
      before=${html`<header><h2>${t("delivery.lines")}</h2></header>`}
      rows=${d.lines.map((/** @type {any} */ l) => ({ key: String(l.line), cells: [html`<a class="clip" href=${href("stock", l.sku)}><bdi>${l.sku}</bdi></a>`, num(l.expected),
        html`${num(l.received)}${l.damaged ? html`<span class="s m block">${t("delivery.damaged", { n: l.damaged })}</span>` : null}`,
        html`<${State} state=${l.state} />${l.remedy ? html`<span class="s m block">${l.remedy}</span>` : null}`] }))} />
    ${d.strangers.length ? html`<${Card} title=${t("delivery.strangers")}><div class="rows">${d.strangers.map((/** @type {any} */ s) => html`<div key=${s.sku + s.code} class="res moves">
      <b class="r">${num(s.quantity)}</b><span class="cell"><bdi>${s.sku || s.code}</bdi><span class="s m block">${s.remedy}</span></span><span></span></div>`)}</div><//>` : null}</div>`;
}

const create = () => html`<div class="apart-card"><${Acts} label=${() => t("delivery.announce")} acts=${{ announce: { words: "announce", values: {}, bare: true, path: "/deliveries", fieldOf: (/** @type {string} */ place) => place.replace(/^lines\[0\]\./, ""),
  fields: html`<${TextField} name="delivery" label=${t("delivery.delivery")} /><${TextField} name="supplier" label=${t("delivery.supplier")} /><${SiteField} name="site" label=${t("adjust.site")} />
    <${TextField} name="sku" label=${t("adjust.item")} /><${NumberField} name="quantity" label=${t("transfer.quantity")} /><${UnitTyped} />`,
  body: (/** @type {FormData} */ f) => ({ delivery: text(f, "delivery"), supplier: text(f, "supplier"), site: text(f, "site"), lines: [{ sku: text(f, "sku"), quantity: whole(f, "quantity"), ...unitOf(f) }] }) } }} /></div>`;

/** @param {{id: string, now: Record<string, string>}} props */
export const Deliveries = ({ id, now }) => html`<${ListAndCard} tab="deliveries" path="/deliveries" topics=${TOPICS} now=${now} id=${id} keyOf=${(/** @type {any} */ d) => d.delivery}
  cols=${columns()} cells=${cells} states=${["open", "closed"]} cls="c-goods" create=${html`${create()}<${Receipt} />`}
  card=${(/** @type {string} */ which) => html`<${One} key=${which} path=${`/deliveries/${encodeURIComponent(which)}`} topics=${TOPICS} draw=${(/** @type {any} */ d) => html`<${One_} d=${d} />`} />`} />`;
