// Why channels are told what they are told: a sum one can check with a pencil. Each row has its own
// age; the total is ruled off; then what each channel was told and whether it confirmed.
import { html } from "/shared/ui.js";
import { serverNow } from "../live.js";
import { Age, Card, Tag, Timed, useTick } from "../parts.js";
import { dur, num, T, t, title } from "../words.js";

/** @param {{label: any, n: number, at?: number, cls?: string, sign?: boolean}} props */
const SumRow = ({ label, n, at, cls, sign }) =>
  html`<div class=${`sumrow ${cls ?? ""}`}><span>${label}</span>
    <span class="q">${sign && n !== 0 ? `−${num(Math.abs(n))}` : num(n)}</span>
    ${at ? html`<${Age} at=${at} />` : html`<span></span>`}</div>`;

/** "7 case, 2"; nothing for an item that is counted in pieces alone. @param {any} s */
const inUnits = (s) => (s.on_hand_in ?? []).map((/** @type {any} */ u) => (u.unit ? `${num(u.count)} ${u.unit}` : num(u.count))).join(", ");

/** @param {{site: any, orders: number, at: number, silent: any[]}} props what one site can ship, with what it is made of */
function Site({ site: s, orders, at, silent }) {
  const rest = s.on_hand - s.reserved - s.atp;
  const units = inUnits(s);
  return html`<${SumRow} cls="grp" n=${s.atp} at=${s.as_of_ms}
      label=${html`<${T} id="sum.site" site=${title(s.site)} />`} />
    <${SumRow} cls="sub" n=${s.on_hand} at=${s.as_of_ms}
      label=${html`${s.bin ? t("sum.on_hand_bin", { bin: s.bin }) : t("sum.on_hand")}${units ? html` <span class="m">(<bdi>${units}</bdi>)</span>` : null}`} />
    <${SumRow} cls="sub" n=${s.reserved} at=${at} sign label=${t("sum.reserved", { n: orders })} />
    ${rest ? html`<${SumRow} cls="sub" n=${rest} sign=${rest > 0} label=${t("sum.held_back")} />` : null}
    ${silent.map((b) => html`<div key=${b.station} class="sumrow sub"><span class="all m s"><${Timed} id="sum.silent"
      at=${b.heard_ms} station=${title(b.station)} /></span></div>`)}`;
}

/** @param {{told: any}} props */
function Told({ told: c }) {
  useTick();
  const age = dur(serverNow() - (c.as_of_ms ?? serverNow()), true);
  const tone = c.state === "confirmed" ? "ok" : "wait";
  return html`<div class="res told-row"><b class="clip">${c.channel}${c.location ? html` <span class="m plain">${c.location}</span>` : null}</b>
    <b class="r">${num(c.quantity)}</b><span><${Tag} tone=${tone}>${t(`told.${c.state}`, { age, known: c.as_of_ms ? "yes" : "no" })}<//></span></div>`;
}

/**
 * @param {{item: any, at: number, stations: any[], short: boolean}} props
 *   short: the figure of each channel is shown term by term beside it
 */
export function Derivation({ item, at, stations, short }) {
  const total = item.sites.reduce((/** @type {number} */ n, /** @type {any} */ s) => n + s.atp, 0);
  const orders = (/** @type {string} */ site) => new Set((item.reservations ?? [])
    .filter((/** @type {any} */ r) => r.site === site).map((/** @type {any} */ r) => r.order)).size;
  return html`<${Card} title=${short ? t("sum.sites", { n: Math.max(0, total) }) : t("sum.title", { n: Math.max(0, total) })} aside=${html`<${Age} at=${at} />`}>
    <div class="pad tight"><b>${item.title || item.sku}</b><div class="s m"><bdi>${item.sku}</bdi>${
      item.barcodes?.length ? `, ${item.barcodes.map((/** @type {any} */ b) => b.pieces > 1
        ? t("stock.case", { code: b.code, n: b.pieces }) : b.code).join(", ")}` : ""}</div></div>
    ${item.sites.map((/** @type {any} */ s) => html`<${Site} key=${s.site} site=${s} at=${at} orders=${orders(s.site)}
      silent=${stations.filter((b) => b.site === s.site && b.silent && b.status !== "never")} />`)}
    ${item.sites.length ? null : html`<p class="pad m">${t("sum.no_site")}</p>`}
    <${SumRow} cls="tot" n=${total} label=${html`<b>${t("sum.total")}</b>`} />
    ${total < 0 ? html`<p class="pad m">${t("sum.below_zero")}</p>` : null}
    <div class="told">${item.told.map((/** @type {any} */ c) => html`<${Told} key=${`${c.channel} ${c.location}`} told=${c} />`)}
      ${item.told.length ? null : html`<p class="pad m">${t("told.none")}</p>`}</div><//>`;
}
