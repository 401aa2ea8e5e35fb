// One order: what happened, the pieces, where it goes, what others know, and why.
import { html, useState } from "/shared/ui.js";
import { ApiError, request } from "../api.js";
import { line } from "../live.js";
import { Age, Card, Clock, Empty, Failure, Head, Part, Tag, Timed, useSlow } from "../parts.js";
import { useResource } from "../resource.js";
import { href } from "../router.js";
import { person } from "../session.js";
import { useSignal } from "../signal.js";
import { language, num, t, title } from "../words.js";
import { Timeline } from "./timeline.js";

/** @param {number} minor @param {string} currency */
export function money(minor, currency) {
  try {
    return new Intl.NumberFormat(language.get().lang, { style: "currency", currency }).format(minor / 100);
  } catch {
    return `${num(minor / 100)} ${currency}`; // a currency Intl does not know
  }
}

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

/** @param {{order: any}} props */
function Lines({ order }) {
  return html`<${Card} title=${t("order.pieces", { n: order.pieces })} aside=${html`<${Age} at=${lastEvent(order)} />`}>
    <div class="rows">${order.lines.map((/** @type {any} */ l) => {
      const { tone, text } = lineState(l);
      return html`<div key=${l.line} class="res two"><span class="cell"><a class="clip plain" href=${href("stock", l.sku)}>
        ${l.title || l.sku}</a><span class="s m clip"><bdi>${l.sku}</bdi>${l.quantity > 1 ? `, ${t("order.times", { n: l.quantity })}` : ""}${
        l.site ? `, ${title(l.site)}` : ""}</span></span><${Tag} tone=${tone}>${text}<//></div>`;
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

/**
 * An act that asks for its reason in place and is sent when it has one. `words`: ids of its sentences.
 * @param {{words: string, values: Record<string, any>, path: string, body: (reason: string) => any, close: () => void}} props
 */
export function ReasonForm({ words, values, path, body, close }) {
  const [trouble, setTrouble] = useState(/** @type {ApiError | null} */ (null));
  const [busy, setBusy] = useState(false);
  const off = useSignal(line).mode !== "live";
  /** @param {SubmitEvent} e */
  const submit = async (e) => {
    e.preventDefault();
    const reason = String(new FormData(/** @type {HTMLFormElement} */ (e.currentTarget)).get("reason")).trim();
    if (!reason) return;
    setBusy(true);
    try {
      await request("POST", path, { json: body(reason) });
      close();
    } catch (x) {
      setTrouble(x instanceof ApiError ? x : new ApiError("broken", String(x), ""));
    }
    setBusy(false);
  };
  return html`<form class="card pad form inplace" onSubmit=${submit}>
    <b>${t(`${words}.title`, values)}</b><p class="m">${t(`${words}.meaning`)}</p>
    <label>${t("cancel.reason")}<input name="reason" required ref=${(/** @type {any} */ el) => el && !el.value && el.focus()} /></label>
    ${trouble ? html`<${Failure} error=${trouble} at=${0} />` : null}
    <div class="acts"><button class="btn go" type="submit" disabled=${busy || off}>${t(`${words}.go`)}</button>
      <button class="btn" type="button" onClick=${close}>${t("cancel.keep")}</button></div></form>`;
}

/** @param {{order: any}} props */
function Body({ order: o }) {
  const [open, setOpen] = useState("");
  const off = useSignal(line).mode !== "live";
  const can = !["packed", "shipped", "delivered", "cancelled", "returned"].includes(o.state);
  const path = `/orders/${encodeURIComponent(o.id)}`;
  const act = (/** @type {string} */ which, /** @type {string} */ label) => html`<button type="button" class="btn" disabled=${off}
    title=${off ? t("silent.buttons_off") : undefined} aria-expanded=${String(open === which)}
    onClick=${() => setOpen(open === which ? "" : which)}>${label}</button>`;
  return html`<${Head} title=${o.number} sub=${html`<${Subtitle} order=${o} />`}>
      <div class="acts push">${o.state === "released" ? act("takeback", t("order.take_back")) : null}
        ${can ? act("cancel", t("order.cancel")) : null}</div><//>
    ${open === "cancel" ? html`<${ReasonForm} words="cancel" values=${{ number: o.number }} path=${`${path}/cancel`}
      body=${(/** @type {string} */ reason) => ({ reason: person.get() ? `${reason} (${person.get()})` : reason })}
      close=${() => setOpen("")} />` : null}
    ${open === "takeback" ? html`<${ReasonForm} words="takeback" values=${{ number: o.number, station: title(o.station) }}
      path=${`${path}/revoke`} body=${(/** @type {string} */ reason) => ({ reason, by: person.get() || "console" })}
      close=${() => setOpen("")} />` : null}
    <div class="grid g2 top">
      <${Card} title=${t("order.happened")} aside=${html`<${Timed} id="order.last_event" at=${lastEvent(o)} />`}>
        <${Timeline} order=${o} /><//>
      <div class="grid side"><${ShipTo} order=${o} /><${Lines} order=${o} /><${Why} order=${o} /><${Others} order=${o} /></div>
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
  return html`<${Body} order=${res.data} />${res.error && res.error.kind !== "network"
    ? html`<${Failure} error=${res.error} at=${res.at} again=${res.again} />` : null}`;
}
