// What a person can do with an order: each act asks for what it needs in place and says what it means.
import { html, useState } from "/shared/ui.js";
import { Act } from "../act.js";
import { line } from "../live.js";
import { useResource } from "../resource.js";
import { person } from "../session.js";
import { useSignal } from "../signal.js";
import { t, title } from "../words.js";
import { SiteField } from "./goods_parts.js";
import { OF_THE_HOUSE, requestOf } from "./orderseen.js";

const ENDED = ["packed", "shipped", "delivered", "cancelled", "returned"];
const ADDRESS = ["name", "company", "street1", "street2", "postal_code", "city", "region", "country"];

/** Only what a person changed is sent: the rest stays as it was. @param {any} o @param {FormData} f */
function amended(o, f) {
  const before = o.ship_to ?? {};
  const ship = Object.fromEntries(ADDRESS.map((k) => [k, String(f.get(k) ?? "").trim()]).filter(([k, v]) => v || before[k]));
  const changed = ADDRESS.some((k) => (ship[k] ?? "") !== (before[k] ?? ""));
  const lines = o.lines.map((/** @type {any} */ l) => ({ line: l.line, quantity: Number(f.get(`line${l.line}`)), was: l.quantity - (l.cancelled ?? 0) }))
    .filter((/** @type {any} */ l) => Number.isInteger(l.quantity) && l.quantity >= 0 && l.quantity !== l.was)
    .map((/** @type {any} */ l) => ({ line: l.line, quantity: l.quantity }));
  const vip = f.get("vip") === "yes";
  return { ...(lines.length ? { lines } : {}), ...(changed ? { ship_to: { ...before, ...ship } } : {}), ...(vip !== !!o.vip ? { vip } : {}) };
}

/** @param {{order: any}} props */
const AmendFields = ({ order: o }) => html`${o.lines.map((/** @type {any} */ l) => html`<label key=${l.line}>${t("amend.pieces", { item: l.title || l.sku })}
      <input name=${`line${l.line}`} type="number" min="0" step="1" defaultValue=${String(l.quantity - (l.cancelled ?? 0))} /></label>`)}
  ${ADDRESS.map((k) => html`<label key=${k}>${t(`address.${k}`)}<input name=${k} autocomplete="off" defaultValue=${(o.ship_to ?? {})[k] ?? ""} /></label>`)}
  <label class="check"><input type="checkbox" name="vip" value="yes" defaultChecked=${!!o.vip} /> ${t("amend.vip")}</label>`;

/** @param {{order: any}} props */
function SplitFields({ order: o }) {
  return html`${o.lines.map((/** @type {any} */ l) => html`<label key=${l.line}>${t("split.pieces", { item: l.title || l.sku, all: l.quantity - (l.cancelled ?? 0) })}
    <input name=${`line${l.line}`} type="number" min="0" max=${l.quantity} step="1" defaultValue="0" /></label>`)}`;
}

/** @param {any} o @param {FormData} f */
const splitLines = (o, f) => o.lines.map((/** @type {any} */ l) => ({ line: l.line, quantity: Number(f.get(`line${l.line}`)) }))
  .filter((/** @type {any} */ l) => l.quantity > 0);

const FOUND = ["shelf", "quarantine", "damaged"];

/** What came back and in which state it was found. @param {{order: any}} props */
const ReturnFields = ({ order: o }) => html`${o.lines.filter((/** @type {any} */ l) => l.shipped + l.delivered > 0).map((/** @type {any} */ l) => html`<label key=${l.line}>${t("back.pieces", { item: l.title || l.sku, all: l.shipped + l.delivered })}
    <input name=${`line${l.line}`} type="number" min="0" max=${l.shipped + l.delivered} step="1" defaultValue="0" /></label>`)}
  <${SiteField} name="site" label=${t("back.site")} />
  <label>${t("back.to")}<select name="to">${FOUND.map((k) => html`<option key=${k} value=${k}>${t(`back.to_${k}`)}</option>`)}</select></label>`;

/** @param {FormData} f */
const others = (f) => [...f.getAll("fits").map(String), ...String(f.get("orders") ?? "").split(/[\s,;]+/)].filter(Boolean);

/** Those that fit are proposed, others can be named. @param {{order: any}} props */
function MergeFields({ order }) {
  const found = useResource(`/mergeable?order=${encodeURIComponent(order.id)}`, ["orders"]);
  const fits = (found.data?.items[0]?.orders ?? []).filter((/** @type {any} */ o) => o.id !== order.id);
  return html`${fits.length ? html`<div role="group" aria-label=${t("merge.fits")}><p class="s m">${t("merge.fits")}</p>${fits.map((/** @type {any} */ o) => html`<label key=${o.id} class="check"><input type="checkbox" name="fits" value=${o.id} />
      ${t("merge.fit", { number: o.number, n: o.pieces, site: o.site ? title(o.site) : t("merge.nowhere") })}</label>`)}</div>` : null}
    <label>${t("merge.orders")}<input name="orders" autocomplete="off" required=${!fits.length} /></label>`;
}

function RouteFields() {
  const stations = useResource("/stations", ["stations"]);
  const sites = [...new Set((stations.data?.items ?? []).map((/** @type {any} */ s) => s.site))].sort();
  return html`<label>${t("reroute.site")}<select name="site">${sites.map((s) => html`<option key=${s} value=${s}>${title(s)}</option>`)}</select></label>
    <label class="check"><input type="checkbox" name="force" value="yes" /> ${t("reroute.force")}</label>`;
}

/** Acts by name: when they make sense, and what is sent. @param {any} o @returns {Record<string, any>} */
function actsOf(o) {
  const path = `/orders/${encodeURIComponent(o.id)}`;
  const open = !ENDED.includes(o.state);
  const by = person.get() || "console";
  const why = (/** @type {FormData} */ f) => String(f.get("reason")).trim();
  const values = { number: o.number, station: title(o.station ?? "") };
  return {
    hold: { when: open && !o.held, passed: OF_THE_HOUSE, words: "hold", values, method: "POST", path: `${path}/hold`, body: (/** @type {FormData} */ f) => ({ what: why(f), by }) },
    amend: { when: open, words: "amend", values, method: "PATCH", path, fields: html`<${AmendFields} order=${o} />`,
      body: (/** @type {FormData} */ f) => { const a = amended(o, f); return Object.keys(a).length ? { ...a, why: why(f), by } : null; } },
    split: { when: open && o.pieces > 1, words: "split", values, method: "POST", path: `${path}/split`, fields: html`<${SplitFields} order=${o} />`,
      body: (/** @type {FormData} */ f) => (splitLines(o, f).length ? { lines: splitLines(o, f), why: why(f), by } : null) },
    merge: { when: open && !o.held && ["open", "allocated", "released"].includes(o.state), words: "merge", values, method: "POST", path: `${path}/merge`,
      fields: html`<${MergeFields} order=${o} />`,
      body: (/** @type {FormData} */ f) => (others(f).length ? { orders: others(f), why: why(f), by } : null) },
    route: { when: open && o.state !== "released", words: "reroute", values, method: "POST", path: `${path}/route`, fields: html`<${RouteFields} />`,
      body: (/** @type {FormData} */ f) => ({ site: String(f.get("site")), why: why(f), by, ...(f.get("force") ? { force: true } : {}) }) },
    takeback: { when: o.state === "released", words: "takeback", values, method: "POST", path: `${path}/revoke`, body: (/** @type {FormData} */ f) => ({ reason: why(f), by }) },
    back: { when: o.lines.some((/** @type {any} */ l) => l.shipped + l.delivered > 0), words: "back", values, method: "POST", path: `${path}/return`,
      fields: html`<${ReturnFields} order=${o} />`,
      body: (/** @type {FormData} */ f) => (splitLines(o, f).length ? { site: String(f.get("site")), why: why(f), by,
        lines: splitLines(o, f).map((/** @type {any} */ l) => ({ ...l, to: String(f.get("to")) })) } : null) },
    cancel: { when: open, words: "cancel", values, method: "POST", path: `${path}/cancel`,
      body: (/** @type {FormData} */ f) => ({ reason: person.get() ? `${why(f)} (${person.get()})` : why(f) }) },
  };
}

const NONE = /^$/;

/** The buttons of the head, and the form of the act that was pressed. @param {{order: any, tag: string}} props tag: of the order as it is shown */
export function useActs({ order, tag }) {
  // As it was when the form opened: a change meanwhile does not move what is typed, it is told.
  const [open, setOpen] = useState(/** @type {{name: string, order: any, tag: string} | null} */ (null));
  const off = useSignal(line).mode !== "live";
  const shown = Object.entries(actsOf(order)).filter(([, a]) => a.when);
  const buttons = html`<div class="acts push">${shown.map(([name]) => html`<button key=${name} type="button" class="btn" disabled=${off}
    title=${off ? t("silent.buttons_off") : undefined} aria-expanded=${String(open?.name === name)} onClick=${() => setOpen(open?.name === name ? null : { name, order, tag })}>${t(`order.do_${name}`)}</button>`)}</div>`;
  if (!open) return { buttons, form: null };
  const { passed, ...act } = actsOf(open.order)[open.name];
  const write = requestOf(order.id, passed ?? NONE, (now, seen) => setOpen({ name: open.name, order: now, tag: seen }));
  return { buttons, form: html`<${Act} key=${open.name} ...${act} seen=${open.tag} write=${write} close=${() => setOpen(null)} />` };
}
