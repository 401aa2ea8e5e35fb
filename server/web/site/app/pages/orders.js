// All orders as a table: chips narrow it by state, the list keeps its place.
import { html } from "/shared/ui.js";
import { line } from "../live.js";
import { chosen, Filters, narrowed } from "../filters.js";
import { Age, Bar, Chips, Clock, Empty, Head, Timed } from "../parts.js";
import { useResource } from "../resource.js";
import { go, href } from "../router.js";
import { useRows } from "../rows.js";
import { useSignal } from "../signal.js";
import { ButtonsOff } from "../table.js";
import { ListOr } from "../vlist.js";
import { num, t, title } from "../words.js";
import { Order } from "./order.js";
import { orderParts, orderWords } from "./orderwords.js";

const STATES = ["open", "backordered", "allocated", "released", "packed", "shipped", "delivered", "returned", "cancelled"];
const FILTERS = ["state", "channel", "q", "outlook", "held"];
/** What stands alone: [filter, value, words]. */
const ALONE = /** @type {const} */ ([["outlook", "late", "orders.chip_late"], ["outlook", "at_risk", "orders.chip_at_risk"], ["held", "true", "orders.chip_held"]]);

/** Late, at risk and held orders stand alone; nothing else narrows them. @param {Record<string, string>} now @returns {Record<string, string>} */
export function asked(now) {
  if (now.outlook) return { outlook: now.outlook };
  if (now.held) return { held: "true" };
  const { outlook: _o, held: _h, ...rest } = now;
  return rest;
}

const columns = () => [
  { label: t("orders.order") }, { label: t("orders.customer") }, { label: t("orders.pieces"), right: true },
  { label: t("orders.site") }, { label: t("orders.units") }, { label: t("orders.tracking") },
  { label: t("orders.changed"), right: true },
];

/** @param {any} o */
const cells = (o) => [
  html`<a href=${href("orders", o.id)} tabindex="-1" class="clip">${o.number}</a>
    <span class="s m clip">${o.channel}</span>`,
  html`<span class="clip">${o.customer || t("orders.no_name")}</span>
    <span class="s m clip">${t("orders.placed")} <${Clock} at=${o.placed_ms} /></span>`,
  num(o.pieces),
  html`<span class="clip">${o.site ? title(o.site) : html`<span class="m">${t("orders.no_site")}</span>`}</span>`,
  html`<${Bar} parts=${orderParts(o)} label=${orderWords(o)} /><span class="s clip">${orderWords(o)}</span>`,
  html`<span class="clip">${o.tracking || html`<span class="m">${t("orders.no_tracking")}</span>`}</span>`,
  o.gone ? html`<span class="age">${t("table.gone")}</span>` : html`<${Age} at=${o.updated_ms} />`,
];

/** @param {{now: Record<string, string>, summary: any}} props */
function NoOrders({ now, summary }) {
  const state = Object.keys(now).length === 1 ? now.state : "";
  const total = summary.data?.orders?.total ?? 0;
  if (total === 0)
    return html`<div class="card"><${Empty} icon="channels" title=${t("orders.none_yet")}
      text=${t("orders.none_yet_do")}><a class="btn go" href=${href("import")}>${t("nav.import")}</a>
      <a class="btn" href=${href("channels")}>${t("orders.see_channels")}</a><//></div>`;
  return html`<div class="card"><${Empty} icon="orders"
    title=${now.outlook || now.held ? t("orders.none_alone") : state ? t(`orders.none_${state}`) : t("orders.none_found")}
    text=${summary.at ? html`<${Timed} id="orders.checked" at=${summary.at} n=${total} />` : null}>
    <a class="btn" href=${href("orders")}>${t("orders.show_all")}</a><//></div>`;
}

/** @param {{now: Record<string, string>, figures: any}} props */
function StateChips({ now, figures }) {
  const alone = now.outlook || now.held;
  const chip = (/** @type {string} */ s, /** @type {number | undefined} */ n) => ({
    id: s, on: !alone && s === (now.state ?? ""),
    label: `${t(s ? `orders.chip_${s}` : "orders.chip_all")}${n === undefined ? "" : ` ${num(n)}`}`,
    pick: () => go(narrowed("orders", alone ? {} : now, "state", s)),
  });
  const by = ALONE.map(([name, value, words]) => ({ id: words, on: now[name] === value, label: t(words), pick: () => go(href("orders", "", { [name]: value })) }));
  return html`<${Chips} label=${t("orders.show")} chips=${[chip("", figures.total), ...STATES.map((s) => chip(s, figures[s])), ...by]} />`;
}

/** @param {{params: URLSearchParams}} props */
function Orders({ params }) {
  const now = asked(chosen(params, FILTERS));
  const summary = useResource("/summary", ["orders"]);
  const channels = useResource("/channels", ["channels"]);
  const list = useRows("/orders", now, ["orders"], (o) => o.id);
  const silent = useSignal(line).mode === "silent";
  const names = (channels.data?.items ?? []).map((/** @type {any} */ c) => [c.channel, c.channel]);
  const alone = now.outlook || now.held;
  return html`<${Head} title=${t("nav.orders")}><${StateChips} now=${now} figures=${summary.data?.orders ?? {}} /><//>
    ${alone ? null : html`<${Filters} page="orders" now=${now} text=${t("orders.filter")} choices=${[{ name: "channel", label: t("channel.channel"), all: t("orders.all_channels"), options: names }]} />`}
    <${ListOr} label=${t("nav.orders")} cols=${columns()} cls="c-ord" list=${list} cells=${cells} to=${(/** @type {any} */ o) => href("orders", o.id)}
      before=${silent ? html`<${ButtonsOff} />` : null} empty=${() => html`<${NoOrders} now=${now} summary=${summary} />`} />`;
}

/** @param {{id: string, params: URLSearchParams}} props */
export const Page = ({ id, params }) => (id ? html`<${Order} key=${id} id=${id} />` : html`<${Orders} params=${params} />`);
