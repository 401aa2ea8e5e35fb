// What stands in an order's way and when it will be done: its holds, its promise and the outlook.
import { html } from "/shared/ui.js";
import { holdBack, holds, takeBack } from "../holds.js";
import { line, serverNow } from "../live.js";
import { Age, Card, Clock, Failure, Tag, useTick } from "../parts.js";
import { href } from "../router.js";
import { person } from "../session.js";
import { useSignal } from "../signal.js";
import { dur, hasWords, t } from "../words.js";
import { requestOf } from "./orderseen.js";

const OTHER_HOLDS = /^order\.hold\.released$/; // each is let go by itself

/** @param {{order: any, tag: string, h: any}} props one open hold, with its way out */
function Hold({ order, tag, h }) {
  useTick();
  const id = `hold ${order.id} ${h.reason} ${h.about}`;
  const held = useSignal(holds).get(id);
  const off = useSignal(line).mode !== "live";
  const release = () => holdBack({ id, what: h.what, action: "release", path: `/orders/${encodeURIComponent(order.id)}/release-hold`,
    body: { reason: h.reason, ...(h.about ? { about: h.about } : {}), why: t("hold.released"), by: person.get() || "console" },
    seen: tag, write: requestOf(order.id, OTHER_HOLDS, () => takeBack(id)) });
  const left = held ? Math.max(0, Math.ceil((held.sendAt - Date.now()) / 1000)) : 0;
  return html`<div class="res block-res"><div><b>${h.what}</b><div class="s m">${hasWords(`hold.reason_${h.reason}`) ? t(`hold.reason_${h.reason}`) : h.reason}, ${h.by},${" "}<${Age} at=${h.since_ms} /></div>
      ${h.proposal ? html`<p class="prop">${h.proposal}</p>` : null}
      ${held?.error ? held.error.notice ?? html`<${Failure} error=${held.error} at=${0} />` : null}</div>
    <div class="acts">${!held ? html`<button type="button" class="btn go" disabled=${off} onClick=${release}>${t("hold.release")}</button>`
      : held.state === "done" ? html`<span class="m" role="status">${t("hold.done")}</span>`
      : html`<span class="m">${held.state === "held" ? t("ex.goes_in", { n: left }) : ""}</span><button type="button" class="btn" onClick=${() => takeBack(id)}>${t("ex.take_back")}</button>`}</div></div>`;
}

/** @param {{order: any, tag: string}} props tag: of the order as it is shown */
export function Holds({ order, tag }) {
  const open = (order.holds ?? []).filter((/** @type {any} */ h) => h.state === "open");
  if (!open.length) return null;
  return html`<${Card} title=${t("hold.card", { n: open.length })} cls="st stop flat">${open.map((/** @type {any} */ h) => html`<${Hold} key=${`${h.reason} ${h.about} ${h.since_ms}`} order=${order} tag=${tag} h=${h} />`)}<//>`;
}

/** Promise and prediction. @param {{order: any}} props */
export function Outlook({ order }) {
  useTick();
  const f = order.forecast;
  const promised = f?.promised_ms || order.promised_ms;
  if (!promised && !order.vip && !f) return null;
  const tone = !f ? "" : f.outlook === "late" ? "stop" : f.outlook === "at_risk" ? "ask" : "ok";
  const left = promised ? promised - serverNow() : 0;
  return html`<${Card} title=${t("outlook.card")} aside=${f ? html`<${Age} at=${f.at_ms} />` : null}><div class="pad">
    ${f ? html`<p><${Tag} tone=${tone}>${t("outlook.is", { outlook: f.outlook })}<//></p>` : null}
    <dl class="kv">${promised ? html`<dt>${t("outlook.promised")}</dt><dd><${Clock} at=${promised} />, ${left > 0 ? t("outlook.in", { age: dur(left) }) : t("age.ago", { age: dur(-left) })}</dd>` : null}
      ${f?.predicted_ms ? html`<dt>${t("outlook.predicted")}</dt><dd><${Clock} at=${f.predicted_ms} /></dd>` : null}
      ${order.vip ? html`<dt>${t("outlook.first")}</dt><dd>${t("outlook.vip")}</dd>` : null}</dl>
    ${f?.why ? html`<p class="s m">${f.why}</p>` : null}</div><//>`;
}

/** @type {Record<string, string>} */
const STEP_TONES = { done: "ok", on_time: "ok", at_risk: "ask", late: "stop" };

/** A word and an instant, where there is one. @param {string} word @param {number | null} at */
const when = (word, at) => at ? html`<span class="s m">${t(`steps.${word}`)} <${Clock} at=${at} /></span>` : null;

/** Its way to the buyer, each step with its deadline. @param {{order: any}} props */
export function Steps({ order }) {
  const steps = order.steps ?? [];
  if (!steps.length) return null;
  return html`<${Card} title=${t("steps.card")}><div class="rows steps">${steps.map((/** @type {any} */ s) => html`<div key=${s.step} class="res two">
    <div class="cell"><b>${t(`steps.${s.step}`)}</b>${s.state === "done" ? html` ${when("done", s.done_ms)}`
      : html` ${when("by", s.deadline_ms)} ${when("expected", s.predicted_ms)}`}${s.why ? html`<div class="s m">${s.why}</div>` : null}</div>
    <${Tag} tone=${STEP_TONES[s.state] ?? "wait"}>${t("steps.is", { state: s.state })}<//></div>`)}</div><//>`;
}

/** Parcels of a split order. @param {{order: any}} props */
export function Parcels({ order }) {
  const parts = order.parts ?? [];
  if (!parts.length) return null;
  const numbers = [...new Set(parts.map((/** @type {any} */ p) => p.part))].sort();
  const nameOf = (/** @type {number} */ n) => order.lines.find((/** @type {any} */ l) => l.line === n)?.sku ?? String(n);
  return html`<${Card} title=${t("parcels.card", { n: numbers.length + 1 })}><div class="rows">
    <div class="res three"><b>${t("parcels.one", { n: 1 })}</b><span>${t("parcels.rest")}</span><span></span></div>
    ${numbers.map((n) => html`<div key=${n} class="res three"><b>${t("parcels.one", { n })}</b><span>${parts.filter((/** @type {any} */ p) => p.part === n)
      .map((/** @type {any} */ p) => `${p.quantity} × ${nameOf(p.line)}`).join(", ")}</span><span></span></div>`)}</div><//>`;
}

/** Orders that go in one parcel with it. @param {{order: any}} props */
export function Together({ order }) {
  const merged = order.merged ?? [];
  if (!merged.length) return null;
  return html`<${Card} title=${t("together.card")}><div class="rows">${merged.map((/** @type {any} */ m) => html`<a key=${m.id} class="res plain" href=${href("orders", m.id)}><b>${m.number}</b></a>`)}</div><//>`;
}
