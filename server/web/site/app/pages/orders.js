// All orders as a table: chips narrow it by state, the list keeps its place.
import { html } from "/shared/ui.js";
import { line } from "../live.js";
import { Age, Bar, Chips, Clock, Empty, Failure, Head, Timed, useSlow } from "../parts.js";
import { usePaged } from "../paged.js";
import { useResource } from "../resource.js";
import { go, href } from "../router.js";
import { useSignal } from "../signal.js";
import { ButtonsOff, Paging, SkeletonTable, Table, Waiting } from "../table.js";
import { num, t, title } from "../words.js";
import { Order } from "./order.js";
import { orderParts, orderWords } from "./orderwords.js";

const STATES = ["open", "backordered", "allocated", "released", "packed", "cancelled"];

const columns = () => [
  { label: t("orders.order") }, { label: t("orders.customer") }, { label: t("orders.pieces"), right: true },
  { label: t("orders.site") }, { label: t("orders.units") }, { label: t("orders.tracking") },
  { label: t("orders.changed"), right: true },
];

/** @param {any} o */
const cells = (o) => [
  html`<a href=${href("orders", o.id)} data-nav class="clip">${o.number}</a>
    <span class="s m clip">${o.channel}</span>`,
  html`<span class="clip">${o.customer || t("orders.no_name")}</span>
    <span class="s m clip">${t("orders.placed")} <${Clock} at=${o.placed_ms} /></span>`,
  num(o.pieces),
  html`<span class="clip">${o.site ? title(o.site) : html`<span class="m">${t("orders.no_site")}</span>`}</span>`,
  html`<${Bar} parts=${orderParts(o)} label=${orderWords(o)} /><span class="s clip">${orderWords(o)}</span>`,
  html`<span class="clip">${o.tracking || html`<span class="m">${t("orders.no_tracking")}</span>`}</span>`,
  o.gone ? html`<span class="age">${t("table.gone")}</span>` : html`<${Age} at=${o.updated_ms} />`,
];

/** @param {{state: string, summary: any}} props */
function NoOrders({ state, summary }) {
  const total = summary.data?.orders?.total ?? 0;
  if (!state && total === 0)
    return html`<div class="card"><${Empty} icon="channels" title=${t("orders.none_yet")}
      text=${t("orders.none_yet_do")}><a class="btn go" href=${href("import")}>${t("nav.import")}</a>
      <a class="btn" href=${href("channels")}>${t("orders.see_channels")}</a><//></div>`;
  return html`<div class="card"><${Empty} icon="orders"
    title=${state ? t(`orders.none_${state}`) : t("orders.none_found")}
    text=${summary.at ? html`<${Timed} id="orders.checked" at=${summary.at} n=${total} />` : null}>
    <a class="btn" href=${href("orders")}>${t("orders.show_all")}</a><//></div>`;
}

/** @param {{params: URLSearchParams}} props */
function Orders({ params }) {
  const state = params.get("state") ?? "";
  const q = params.get("q") ?? "";
  const channel = params.get("channel") ?? "";
  const summary = useResource("/summary", ["orders"]);
  const list = usePaged("/orders", { state, q, channel }, ["orders"], (o) => o.id);
  const slow = useSlow(list.rows.length || list.res.data ? 0 : list.res.waitingSince);
  const silent = useSignal(line).mode === "silent";
  const figures = summary.data?.orders ?? {};
  const chip = (/** @type {string} */ s, /** @type {number | undefined} */ n) => ({
    id: s, on: s === state,
    label: `${t(s ? `orders.chip_${s}` : "orders.chip_all")}${n === undefined ? "" : ` ${num(n)}`}`,
    pick: () => go(href("orders", "", { ...(s ? { state: s } : {}), ...(q ? { q } : {}), ...(channel ? { channel } : {}) }), true),
  });
  const chips = [chip("", figures.total), ...STATES.map((s) => chip(s, figures[s]))];
  const sub = q ? t("orders.matching", { q }) : channel ? t("orders.of_channel", { channel }) : undefined;
  return html`<${Head} title=${t("nav.orders")} sub=${sub}><${Chips} label=${t("orders.show")} chips=${chips} /><//>
    ${list.res.error && !list.rows.length
      ? html`<div class="card"><${Failure} error=${list.res.error} at=${0} again=${list.res.again} /></div>`
      : !list.res.data && !list.rows.length
        ? slow ? html`<${SkeletonTable} label=${t("nav.orders")} cols=${columns()} cls="c-ord" slow=${slow} />` : null
        : !list.rows.length ? html`<${NoOrders} state=${state} summary=${summary} />`
        : html`<${Table} label=${t("nav.orders")} cols=${columns()} cls="c-ord" total=${list.total}
            first=${list.first} before=${silent ? html`<${ButtonsOff} />` : null}
            rows=${list.rows.map((o) => ({ key: o.id, cells: cells(o), dim: o.gone }))}
            end=${html`<${Paging} ...${list} shown=${list.rows.length}><${Waiting} list=${list} /><//>`} />`}`;
}

/** @param {{id: string, params: URLSearchParams}} props */
export const Page = ({ id, params }) => (id ? html`<${Order} key=${id} id=${id} />` : html`<${Orders} params=${params} />`);
