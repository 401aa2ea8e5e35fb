// Purchases that the server proposes where an item runs short: a person sends or drops them.
import { html } from "/shared/ui.js";
import { serverNow } from "../live.js";
import { money } from "../money.js";
import { Age, Card, Clock } from "../parts.js";
import { href } from "../router.js";
import { Table } from "../table.js";
import { num, t, title } from "../words.js";
import { Acts, by, ListAndCard, NumberField, One, State, text, whole } from "./goods_parts.js";
import { Save } from "./save.js";

const TOPICS = ["purchases", "stock", "events"];
const DAY_MS = 24 * 3600 * 1000;

const columns = () => [{ label: t("purchase.purchase") }, { label: t("channel.state") }, { label: t("purchase.total"), right: true }];

/** @param {any} p */
const nameOf = (p) => p.title || p.supplier || t("purchase.no_supplier");

/** @param {any} p */
const cells = (p) => [
  html`<a class="clip" tabindex="-1" href=${href("goods", `purchases/${p.purchase}`)}>${nameOf(p)}</a><span class="s m clip">${title(p.site)}, ${t("purchase.lines_n", { n: p.lines.length })}</span>`,
  html`<${State} state=${p.state} />`, p.currency ? money(p.total_minor, p.currency) : num(p.lines.length)];

/** @param {any} p @returns {Record<string, any>} */
function actsOf(p) {
  const path = `/purchases/${encodeURIComponent(p.purchase)}/decide`;
  const values = { supplier: nameOf(p) };
  return {
    send: { when: p.state === "proposed" && p.supplier, words: "buy", values, bare: true, path, fields: html`<${NumberField} name="days" min=${0} optional label=${t("buy.days")} />`,
      body: (/** @type {FormData} */ f) => ({ action: "sent", by: by(), ...(text(f, "days") ? { expect_ms: Math.round(serverNow() + whole(f, "days") * DAY_MS) } : {}) }) },
    drop: { when: p.state === "proposed", words: "dropbuy", values, path, body: (/** @type {FormData} */ f) => ({ action: "dropped", why: text(f, "reason"), by: by() }) },
  };
}

/** How its supplier heard of it. @param {any} s */
const told = (s) => (s ? html`<dl class="kv"><dt>${t("purchase.sending")}</dt><dd>${t(`purchase.sending_${s.state}`, { n: s.waits ? s.waits.attempts : 0, by: s.by })}</dd></dl>${s.why && s.state !== "taken" ? html`<p class="s m">${s.why}</p>` : null}` : null);

/** @param {{p: any}} props */
function Purchase({ p }) {
  const cols = [{ label: t("stock.item") }, { label: t("purchase.why") }, { label: t("transfer.quantity"), right: true }];
  return html`<div class="grid side"><${Card} title=${nameOf(p)} aside=${html`<${Age} at=${p.proposed_ms} />`}><div class="pad"><p><${State} state=${p.state} /></p>
      <dl class="kv"><dt>${t("adjust.site")}</dt><dd>${title(p.site)}</dd>${p.currency ? html`<dt>${t("purchase.total")}</dt><dd>${money(p.total_minor, p.currency)}</dd>` : null}
        ${p.expect_ms ? html`<dt>${t("delivery.expected")}</dt><dd><${Clock} at=${p.expect_ms} /></dd>` : null}</dl>${told(p.sending)}${p.why ? html`<p class="s m">${p.why}, ${p.by}</p>` : null}</div><//>
    <${Acts} acts=${actsOf(p)} label=${(/** @type {string} */ n) => t(`purchase.do_${n}`)} />
    <${Table} label=${t("purchase.lines")} cols=${cols} cls="c-buy" total=${p.lines.length} first=${1} before=${html`<header><h2>${t("purchase.lines")}</h2></header>`}
      rows=${p.lines.map((/** @type {any} */ l) => ({ key: l.sku, cells: [html`<a class="clip" href=${href("stock", l.sku)}><bdi>${l.sku}</bdi></a>${l.supplier_sku ? html`<span class="s m clip"><bdi>${l.supplier_sku}</bdi></span>` : null}`,
        html`<span class="s">${l.why}</span>`, num(l.quantity)] }))} />
    ${p.mail ? html`<${Card} title=${t("purchase.mail")} aside=${p.mail.to}><div class="pad"><pre class="fact" tabindex="0">${`${p.mail.subject}\n\n${p.mail.body}`}</pre></div><//>` : null}</div>`;
}

/** @param {{id: string, now: Record<string, string>}} props */
export const Purchases = ({ id, now }) => html`<${ListAndCard} tab="purchases" path="/purchases" topics=${TOPICS} now=${now} id=${id} keyOf=${(/** @type {any} */ p) => p.purchase}
  cols=${columns()} cells=${cells} states=${["proposed", "sent", "dropped"]} cls="c-goods" create=${html`<${Save} tables=${["purchases"]} />`}
  card=${(/** @type {string} */ which) => html`<${One} key=${which} path=${`/purchases/${encodeURIComponent(which)}`} topics=${TOPICS} draw=${(/** @type {any} */ p) => html`<${Purchase} p=${p} />`} />`} />`;
