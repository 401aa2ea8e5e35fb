// What happened to an order, newest first, with what is expected next on top.
import { html, useState } from "/shared/ui.js";
import { clock } from "/shared/age.js";
import { get, query } from "../api.js";
import { serverNow } from "../live.js";
import { Icon } from "../parts.js";
import { href } from "../router.js";
import { dur, hasWords, language, T, t, title } from "../words.js";

/** @typedef {{tone: string, icon: string}} Mark */

const STEP_MS = 1000; // shorter steps are not told

/** @type {Record<string, Mark>} facts that are not plainly good */
const MARKS = {
  "pack.short.noted": { tone: "ask", icon: "bang" },
  "pack.problem.noted": { tone: "ask", icon: "bang" },
  "pack.held": { tone: "ask", icon: "bang" },
  "pack.item.uncounted": { tone: "ask", icon: "back" },
  "pack.reopened": { tone: "ask", icon: "back" },
  "order.cancelled": { tone: "stop", icon: "x" },
  "exception.raised": { tone: "ask", icon: "bang" },
  "order.held": { tone: "ask", icon: "bang" },
  "order.returned": { tone: "ask", icon: "back" },
  "parcel.taken.back": { tone: "ask", icon: "back" },
};

/** "dockline.pack.opened.v1" -> "pack.opened" @param {string} type */
export const shortType = (type) => type.replace(/^dockline\./, "").replace(/\.v\d+$/, "");

/** "/leipzig/bench-4" -> "Bench 4, Leipzig" @param {string} source */
export function placeOf(source) {
  const [site, station] = (source ?? "").replace(/^\//, "").split("/");
  return station ? `${title(station)}, ${title(site)}` : "";
}

/** @param {any} e @returns {Mark} */
function markOf(e) {
  const type = shortType(e.type);
  if (type === "decision.made" && e.params?.outcome === "backordered") return { tone: "ask", icon: "bang" };
  if (type === "order.forecast" && e.params?.outlook !== "on_time") return { tone: "ask", icon: "bang" };
  if (type === "label.changed" && e.params?.state === "unknown") return { tone: "ask", icon: "bang" };
  if (type === "label.changed" && /^(wanted|sending|sent)$/.test(e.params?.state)) return { tone: "", icon: "dots" };
  return MARKS[type] ?? { tone: "ok", icon: "tick" };
}

/**
 * Parameters of the sentence: the fact's own, and words for what they name.
 * @param {any} e
 * @param {any} order
 */
function sentence(e, order) {
  const p = e.params ?? {};
  const item = order.lines.find((/** @type {any} */ l) => l.line === p.line || l.sku === p.sku);
  const pieces = (p.lines ?? []).reduce((/** @type {number} */ n, /** @type {any} */ l) =>
    n + (l.packed ?? l.quantity ?? 0), 0);
  const sites = [...new Set((p.allocations ?? []).map((/** @type {any} */ a) => title(a.site)))];
  return {
    ...p, pieces, item: item?.title || p.sku || "",
    quantity: Math.abs(p.quantity ?? 0), found: (p.quantity ?? 0) < 0 ? "yes" : "no",
    place: placeOf(e.source), site: sites.join(" + ") || title(p.site ?? ""), station: title(p.station ?? ""),
    outlook: p.outlook ?? "", parcel: p.part ?? 0, orders: (p.orders ?? []).map((/** @type {string} */ o) => o.replace(/^[^:]*:/, "")).join(", "),
    due: p.promised_ms ? clock(p.promised_ms, serverNow(), language.get().lang) : "",
    tracking: p.label?.tracking ?? p.tracking ?? "", carrier: p.label?.carrier ?? p.carrier ?? "", manifest: p.manifest ?? "",
    why: html`<a href=${href("decisions", order.id)}>${t("order.why")}</a>`,
    cases: html`<a href=${href("exceptions")}>${t("order.see_cases")}</a>`,
  };
}

/** @param {any} e */
function clockOf(e) {
  return clock(e.at_ms, serverNow(), language.get().lang);
}

/** @param {{event: any}} props the fact as the log has it */
function Fact({ event }) {
  const [text, setText] = useState("");
  const show = async () => {
    if (text) return setText("");
    try {
      const page = await get(`/events${query({ after: event.position - 1, limit: 1 })}`);
      setText(page.items[0] ? JSON.stringify(page.items[0], null, 2) : t("order.fact_missing"));
    } catch (e) {
      setText(String(e));
    }
  };
  return html`<button type="button" class="link s" aria-expanded=${String(!!text)} onClick=${show}>
      ${t("order.fact")}</button>${text ? html`<pre class="fact" tabindex="0">${text}</pre>` : null}`;
}

/** What a decision or a change said of its reason, in its own words. @param {any} p */
const reasonOf = (p) => p.reason_text ?? p.why ?? (p.decision && p.reason) ?? "";

/** The sentence of a fact. @param {{event: any, order: any}} props */
export function Said({ event, order }) {
  const type = shortType(event.type);
  const id = `event.${type.replaceAll(".", "_")}`;
  return hasWords(id) ? html`<${T} id=${id} p=${sentence(event, order)} />` : html`<b>${type}</b>`;
}

/** @param {{event: any, order: any, since: number | null}} props since: how long after the event before it, ms */
function Entry({ event, order, since }) {
  const { tone, icon } = markOf(event);
  const place = placeOf(event.source);
  const why = reasonOf(event.params ?? {});
  return html`<li><span class="when"><time dateTime=${new Date(event.at_ms).toISOString()}>${clockOf(event)}</time>
      ${since !== null && since >= STEP_MS ? html`<span class="s step" title=${t("order.step")}><span class="hid">${t("order.step")} </span>+${dur(since)}</span>` : null}</span>
    <span class=${`dot ${tone}`}><${Icon} name=${icon} /></span>
    <div class="what"><${Said} event=${event} order=${order} />
      ${why && why !== event.params?.what ? html`<div class="s m">${why}</div>` : null}
      ${place ? html`<div class="s m">${place} <${Fact} event=${event} /></div>`
      : html`${" "}<${Fact} event=${event} />`}
      ${event.late ? html`<div class="gap">${t("event.late", {
        age: dur(event.heard_ms - event.at_ms, true),
        clock: clock(event.heard_ms, serverNow(), language.get().lang) })}</div>` : null}
    </div></li>`;
}

/** What should come next, from the state of the order; nothing for one that is finished.
 * @param {any} order @returns {string} */
export function expectedNext(order) {
  const types = new Set(order.timeline.map((/** @type {any} */ e) => shortType(e.type)));
  if (["cancelled", "delivered", "returned"].includes(order.state)) return "";
  if (order.state === "released") return types.has("pack.opened") ? "next.close" : "next.open";
  if (order.state === "packed" || order.state === "shipped")
    return types.has("channel.fulfilment.confirmed") || order.channel === "api" || order.channel === "csv"
      ? `next.${order.state}` : "next.confirm";
  return order.state === "open" ? "next.route" : `next.${order.state}`;
}

const SHOWN_FIRST = 30;

/** @param {{order: any}} props */
export function Timeline({ order }) {
  const [all, setAll] = useState(false);
  const events = [...order.timeline].reverse();
  const next = expectedNext(order);
  const shown = all ? events : events.slice(0, SHOWN_FIRST);
  return html`<ol class="tl">
    ${next && hasWords(next) ? html`<li class="next"><span class="time">${t("next.label")}</span><span class="dot now">
      <${Icon} name="dots" /></span><div class="what"><${T} id=${next} station=${title(order.station ?? "")}
      channel=${order.channel} /></div></li>` : null}
    ${shown.map((e, i) => html`<${Entry} key=${e.position ?? `${e.at_ms}${e.type}`} event=${e} order=${order}
      since=${events[i + 1] ? e.at_ms - events[i + 1].at_ms : null} />`)}
  </ol>${events.length > shown.length ? html`<div class="pad"><button type="button" class="btn"
    onClick=${() => setAll(true)}>${t("order.all_events", { n: events.length })}</button></div>` : null}`;
}
