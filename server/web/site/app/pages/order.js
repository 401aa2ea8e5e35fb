// One order: what happened, the pieces, where it goes, what others know, and why.
import { html } from "/shared/ui.js";
import { money } from "../money.js";
import { Age, Card, Clock, Empty, Failure, Head, Part, Tag, Timed, useSlow } from "../parts.js";
import { useResource } from "../resource.js";
import { href } from "../router.js";
import { language, num, t, title } from "../words.js";
import { OrderBoxes } from "./goods_parcels.js";
import { useActs } from "./orderacts.js";
import { Holds, Outlook, Parcels, Steps, Together } from "./orderlife.js";
import { Timeline } from "./timeline.js";

/** Price of all lines and charges; null when one of them has none. @param {any} o */
function total(o) {
  let sum = 0;
  for (const l of [...o.lines, ...(o.charges ?? [])]) {
    if (typeof l.unit_price_minor !== "number") return null;
    sum += l.unit_price_minor * l.quantity;
  }
  return sum;
}

/** When anything was last heard about it. @param {any} o @returns {number} */
const lastEvent = (o) => o.timeline.reduce((/** @type {number} */ n, /** @type {any} */ e) => Math.max(n, e.heard_ms), o.updated_ms);

/** @param {{order: any}} props */
function Subtitle({ order: o }) {
  const sum = total(o);
  return html`${o.channel}, ${t("orders.placed")} <${Clock} at=${o.placed_ms} />${
    sum !== null && o.currency ? `, ${money(sum, o.currency)}` : ""}`;
}

const LINE_STATES = ["cancelled", "returned", "delivered", "shipped", "packed", "released", "allocated", "backordered", "open"];
/** @type {Record<string, string>} */
const LINE_TONES = { packed: "ok", shipped: "ok", delivered: "ok", cancelled: "stop", backordered: "ask", returned: "ask" };

/** The state of a line in a few words: all pieces in one state, or how many are furthest along. @param {any} l */
export function lineState(l) {
  const parts = LINE_STATES.filter((s) => l[s] > 0);
  if (l.missing > 0) return { tone: "ask", text: t("order.line_missing", { n: l.missing }) };
  if (l.counted > 0 && l.released > 0)
    return { tone: l.counted === l.quantity ? "ok" : "wait", text: t("order.line_counted", { n: l.counted, all: l.quantity }) };
  const s = parts[0] ?? "open";
  if (parts.length <= 1) return { tone: LINE_TONES[s] ?? "wait", text: t(`order.line_${s}`, { n: l[s] ?? 0 }) };
  return { tone: parts.includes("backordered") ? "ask" : "wait",
    text: new Intl.ListFormat(language.get().lang, { type: "unit", style: "short" })
      .format(parts.map((p) => t(`order.line_${p}`, { n: l[p] }))) };
}

/** What was scanned of a line: lot, serial, last good day. @param {any} l */
const lots = (l) => (l.lots ?? []).map((/** @type {any} */ p) =>
  `, ${[p.lot, p.serial, p.expires_ms && new Date(p.expires_ms - 1).toISOString().slice(0, 10)].filter(Boolean).join(" ")}${p.quantity > 1 ? ` ×${p.quantity}` : ""}`).join("");

/** @param {{order: any}} props */
function Lines({ order }) {
  return html`<${Card} title=${t("order.pieces", { n: order.pieces })} aside=${html`<${Age} at=${lastEvent(order)} />`}>
    <div class="rows">${order.lines.map((/** @type {any} */ l) => {
      const { tone, text } = lineState(l);
      return html`<div key=${l.line} class="res two"><span class="cell"><a class="clip plain" href=${href("stock", l.sku)}>
        ${l.title || l.sku}</a><span class="s m clip"><bdi>${l.sku}</bdi>${l.quantity > 1 ? `, ${t("order.times", { n: l.quantity })}` : ""}${
        l.site ? `, ${title(l.site)}` : ""}${lots(l)}</span></span><${Tag} tone=${tone}>${text}<//></div>`;
    })}</div><//>`;
}

/** @param {{order: any}} props */
function ShipTo({ order }) {
  const a = order.ship_to ?? {};
  const lines = [a.name, a.company, a.street1, a.street2, [a.postal_code, a.city].filter(Boolean).join(" "), a.region, a.country]
    .filter(Boolean);
  return html`<${Card} title=${t("order.ship_to")}><div class="pad">
    ${lines.length ? lines.map((l, i) => html`<div key=${i}>${l}</div>`) : html`<div class="m">${t("order.no_address")}</div>`}
    ${order.tracking ? html`<div class="m">${order.carrier ? `${order.carrier}, ` : ""}<bdi>${order.tracking}</bdi></div>` : null}
  </div><//>`;
}

/** What the channel and the bench have been told and have answered. @param {{order: any}} props */
function Others({ order }) {
  const last = (/** @type {RegExp} */ type) =>
    [...order.timeline].reverse().find((/** @type {any} */ e) => type.test(e.type));
  const shipped = last(/channel\.fulfilment\.confirmed/);
  const released = last(/order\.released/);
  const rows = [[order.channel, shipped ? t("others.channel_knows", { tracking: shipped.params?.tracking ?? "" })
    : t("others.channel_open"), shipped?.heard_ms]];
  if (released) rows.push([title(released.params?.station ?? ""), t(order.state === "released" ? "others.bench_holds" : "others.bench_had"),
    released.at_ms]);
  return html`<${Card} title=${t("order.others")}><div class="rows">${rows.map(([who, what, at]) =>
    html`<div key=${who} class="res three"><b class="clip">${who}</b><span>${what}</span>
      ${at ? html`<${Age} at=${at} />` : html`<span></span>`}</div>`)}</div><//>`;
}

/** @param {{order: any}} props */
function Why({ order }) {
  const d = order.decisions[order.decisions.length - 1];
  const newest = order.decisions.reduce((/** @type {any} */ a, /** @type {any} */ b) => (!a || b.made_ms > a.made_ms ? b : a), d);
  if (!newest) return null;
  return html`<${Card} title=${t("order.decision")} aside=${html`<${Age} at=${newest.made_ms} />`}><div class="pad">
    <p>${newest.reason}</p><p class="s m">${t("decision.rule", { rule: newest.rule, version: newest.version })}</p>
    <p><a href=${href("decisions", order.id)}>${t("order.why_more")}</a></p></div><//>`;
}

/** @param {{order: any, tag: string}} props */
function Body({ order: o, tag }) {
  const { buttons, form } = useActs({ order: o, tag });
  return html`<${Head} title=${o.number} sub=${html`<${Subtitle} order=${o} />`}>${buttons}<//>${form}
    ${o.held ? html`<div class="apart-card"><${Holds} order=${o} tag=${tag} /></div>` : null}
    <div class="grid g2 top">
      <${Card} title=${t("order.happened")} aside=${html`<${Timed} id="order.last_event" at=${lastEvent(o)} />`}>
        <${Timeline} order=${o} /><//>
      <div class="grid side"><${Outlook} order=${o} /><${Steps} order=${o} /><${ShipTo} order=${o} /><${Parcels} order=${o} /><${OrderBoxes} order=${o} /><${Together} order=${o} /><${Lines} order=${o} /><${Why} order=${o} /><${Others} order=${o} /></div>
    </div>`;
}

/** @param {{id: string}} props */
export function Order({ id }) {
  const res = useResource(`/orders/${encodeURIComponent(id)}`, ["orders"]);
  const slow = useSlow(res.data ? 0 : res.waitingSince);
  if (!res.data && res.error?.kind === "missing")
    return html`<h1>${id}</h1><div class="card"><${Empty} icon="find" title=${t("order.missing")}>
      <a class="btn" href=${href("search", "", { q: id.replace(/^[^:]*:/, "") })}>${t("order.search_it")}</a><//></div>`;
  if (!res.data)
    return html`<h1>${id}</h1>${res.error || slow ? html`<div class="card"><${Part} res=${res} rows=${8} draw=${() => null} /></div>` : null}`;
  return html`<${Body} order=${res.data} tag=${res.tag} />${res.error && res.error.kind !== "network"
    ? html`<${Failure} error=${res.error} at=${res.at} again=${res.again} />` : null}`;
}
