// What if other rules had decided: a routing file pasted or chosen is run over the decisions of the
// past, and both sides stand beside each other. Nothing is touched.
import { html, useState } from "/shared/ui.js";
import { ApiError, request } from "../api.js";
import { line } from "../live.js";
import { money } from "../money.js";
import { Card, Empty, Failure, Head, Tag } from "../parts.js";
import { href } from "../router.js";
import { useSignal } from "../signal.js";
import { Table } from "../table.js";
import { num, t } from "../words.js";

const SPANS = /** @type {const} */ ([[24, "day"], [168, "week"], [720, "month"]]);
const MOVED = 100;
const MONEY = ["cost_minor", "cash_minor", "margin_minor"];
const ROWS = ["allocated", "partly_allocated", "backordered", "splits", "parcels", "cost_minor", "cash_minor", "late", "late_hours", "margin_minor"];
const LESS_IS_BETTER = ["partly_allocated", "backordered", "splits", "parcels", "cost_minor", "cash_minor", "late", "late_hours"];

/** @param {string} name @param {number} n @param {string} currency */
const say = (name, n, currency) => (MONEY.includes(name) ? money(n, currency) : num(n));

/** @param {{d: any}} props */
function Sides({ d }) {
  const cols = [{ label: t("whatif.figure") }, { label: t("whatif.was"), right: true }, { label: t("whatif.would"), right: true }, { label: t("whatif.difference"), right: true }];
  const rows = ROWS.filter((n) => d.was[n] !== undefined).map((name) => {
    const by = d.would[name] - d.was[name];
    const good = by === 0 ? null : LESS_IS_BETTER.includes(name) === by < 0;
    return { key: name, cells: [t(`whatif.${name}`), say(name, d.was[name], d.currency), html`<b>${say(name, d.would[name], d.currency)}</b>`,
      by === 0 ? html`<span class="m">${t("whatif.same")}</span>` : html`<${Tag} tone=${good ? "ok" : "ask"}>${by > 0 ? "+" : "−"}${say(name, Math.abs(by), d.currency)}<//>`] };
  });
  return html`<${Table} label=${t("whatif.sides")} cols=${cols} cls="c-what" total=${rows.length} first=${1} labels before=${html`<header><h2>${t("whatif.sides")}</h2>
      <span class="age">${t("whatif.counted", { n: d.decisions, orders: d.orders })}</span></header>`} rows=${rows} />`;
}

/** How sure it is. @param {{d: any}} props */
function Sure({ d }) {
  const notes = ["of_facts", "rebuilt", "assumed", "unread", "forbidden"].filter((n) => d[n] > 0);
  return html`<${Card} title=${t("whatif.sure")}><ul class="pad">${notes.map((n) => html`<li key=${n}>${t(`whatif.${n}`, { n: d[n] })}</li>`)}</ul><//>`;
}

/** @param {{d: any}} props */
function Moved({ d }) {
  if (!d.moved.length) return html`<div class="card"><${Empty} icon="decisions" title=${t("whatif.none_moved")} /></div>`;
  return html`<${Card} title=${t("whatif.moved", { n: d.moved_total })}><div class="rows">${d.moved.map((/** @type {any} */ m) => html`<div key=${m.decision} class="res three wide">
    <a class="clip" href=${href("orders", m.order)}>${m.order.replace(/^[^:]*:/, "")}</a><span>${t("whatif.from_to", { from: m.from, to: m.to })}<span class="s m block">${m.why}</span></span>
    <span class="age">${money(m.from_minor, d.currency)} → ${money(m.to_minor, d.currency)}</span></div>`)}</div>
    ${d.moved_total > d.moved.length ? html`<p class="pad m line">${t("whatif.more", { n: d.moved_total - d.moved.length })}</p>` : null}<//>`;
}

export function Page() {
  const [state, set] = useState({ busy: false, found: /** @type {any} */ (null), error: /** @type {ApiError | null} */ (null) });
  const off = useSignal(line).mode !== "live";
  /** @param {SubmitEvent} e */
  const submit = async (e) => {
    e.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (e.currentTarget));
    const file = /** @type {File} */ (form.get("file"));
    const rules = file?.size ? await file.text() : String(form.get("rules"));
    if (!rules.trim()) return set({ ...state, error: new ApiError("refused", t("whatif.empty"), "") });
    set({ ...state, busy: true, error: null });
    try {
      set({ busy: false, error: null, found: await request("POST", "/routing/what-if", { json: { rules, since_hours: Number(form.get("since")), moved: MOVED } }) });
    } catch (x) {
      set({ busy: false, found: null, error: x instanceof ApiError ? x : new ApiError("broken", String(x), "") });
    }
  };
  const d = state.found;
  return html`<${Head} title=${t("nav.whatif")} sub=${t("whatif.sub")} /><div class="grid g2 top"><form class="card pad form" onSubmit=${submit}>
      <label class="broad">${t("whatif.rules")}<textarea name="rules" rows="10" spellcheck=${false}></textarea></label>
      <label>${t("whatif.file")}<input name="file" type="file" accept=".toml,text/plain" /></label>
      <label>${t("whatif.since")}<select name="since">${SPANS.map(([h, id]) => html`<option key=${h} value=${h} selected=${h === 720}>${t(`whatif.${id}`)}</option>`)}</select></label>
      ${state.error ? html`<${Failure} error=${state.error} at=${0} />` : null}
      <div class="acts"><button type="submit" class="btn go" disabled=${off || state.busy}>${t(state.busy ? "whatif.busy" : "whatif.go")}</button></div></form>
    <div class="grid side">${d ? html`<${Sides} d=${d} /><${Sure} d=${d} />` : html`<div class="card"><${Empty} icon="decisions" title=${t("whatif.nothing")} text=${t("whatif.nothing_text")} /></div>`}</div></div>
    ${d ? html`<div class="apart-card"></div><${Moved} d=${d} />` : null}`;
}
