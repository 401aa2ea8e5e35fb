// Today: what is still to pack, what needs a person, and what waits where.
import { html, useMemo } from "/shared/ui.js";
import { delay } from "/shared/age.js";
import { binned, ofChannel, quantile, useConfirmed } from "../latency.js";
import { serverNow } from "../live.js";
import { Age, Bar, Card, Clock, Empty, Head, Part, Timed, useTick } from "../parts.js";
import { Spark } from "../plot.js";
import { BY_TIME_MS, useResource } from "../resource.js";
import { href } from "../router.js";
import { dur, language, num, T, t, title } from "../words.js";
import { Risk } from "./backups.js";
import { Case } from "./exceptions.js";

const HOUR_MS = 3600 * 1000;

/** Steps of an order's way that are still ahead, nearest to the door first. */
const STEPS = /** @type {const} */ ([["released", "pick"], ["allocated", "wait"], ["backordered", "risk"]]);

/** @param {{s: any, at: number}} props */
function Ahead({ s, at }) {
  const o = s.orders;
  const live = o.total - o.cancelled;
  const waiting = { ...o, allocated: o.allocated + o.open };
  const words = t("today.bar", { packed: o.packed, released: o.released, waiting: o.allocated + o.open, short: o.backordered });
  return html`<${Card} title=${t("today.ahead")} aside=${html`<${Age} at=${at} />`}>
    <div class="pad"><${Bar} tall label=${words} parts=${[["packed", o.packed], ["pick", o.released], ["wait", o.allocated + o.open], ["risk", o.backordered]]} />
      <p class="under"><${T} id="today.packed_of" n=${o.packed} all=${live} /></p></div>
    <div class="rows">${STEPS.map(([state, kind]) => html`<a key=${state} class="cut" href=${href("orders", "", { state })}>
      <span class="t">${num(waiting[state])}</span><span><b>${t(state === "allocated" ? "today.key_wait" : `orders.chip_${state}`)}</b><span class="m s block">${t(`today.${state}`)}</span></span>
      <${Bar} tall label=${t("today.share", { n: waiting[state], all: live })} parts=${[[kind, waiting[state]], ["none", Math.max(0, live - waiting[state])]]} /></a>`)}</div><//>`;
}

/** @param {{n: number}} props */
function NeedsPerson({ n }) {
  const res = useResource("/exceptions?state=open&limit=2", ["exceptions"]);
  return html`<${Card} title=${t("today.person")} aside=${res.data ? t("today.person_n", { n }) : null}>
    <${Part} res=${res} rows=${5} draw=${(/** @type {any} */ d) => d.items.length
      ? html`${d.items.map((/** @type {any} */ e) => html`<${Case} key=${e.id} e=${e} small />`)}
          <p class="pad line"><a href=${href("exceptions")}>${t("today.all_cases", { n })}</a></p>`
      : html`<${Empty} icon="ok" title=${t("ex.none")} text=${html`<${Timed} id="ex.none_checked" at=${res.at} />`} />`} /><//>`;
}

/** @param {{title: string, value: any, unit: string, text: any, at: number, to: string}} props */
const Figure = ({ title: name, value, unit, text, at, to }) =>
  html`<section class="card fig"><h2><a class="plain" href=${to}>${name}</a></h2><div class="v">${value} <small>${unit}</small></div><div>${text}</div><${Age} at=${at} /></section>`;

/** @param {{list: any[], at: number}} props */
function ToldFigure({ list, at }) {
  const hour = list.filter((c) => c.at > serverNow() - HOUR_MS);
  const quick = hour.filter((c) => c.ours <= 1000).length;
  const share = hour.length ? new Intl.NumberFormat(language.get().lang, { style: "percent", maximumFractionDigits: 1 })
    .format(Math.floor((quick / hour.length) * 1000) / 1000) : t("today.told_none");
  return html`<${Figure} title=${t("today.told")} value=${share} unit=${hour.length ? t("today.told_unit") : ""} at=${at} to=${href("channels")}
    text=${hour.length ? t("today.told_text", { n: hour.length, slower: hour.length - quick }) : t("today.told_none_text")} />`;
}

/** @param {{s: any, at: number, stations: any[]}} props */
function StationFigure({ s, at, stations }) {
  useTick();
  const silent = stations.filter((x) => x.silent);
  const oldest = Math.min(...stations.filter((x) => !x.silent && x.waiting > 0 && x.oldest_ms).map((x) => x.oldest_ms));
  const waiting = stations.filter((x) => !x.silent).reduce((n, x) => n + x.waiting, 0);
  return html`<${Figure} title=${t("today.waiting")} value=${num(stations.length ? waiting : s.waiting)} to=${href("stations")} at=${at}
    unit=${Number.isFinite(oldest) ? t("today.records_oldest", { age: dur(serverNow() - oldest) }) : t("today.records")}
    text=${silent.length ? html`<${T} id="today.not_counting" n=${silent.length}
      names=${new Intl.ListFormat(language.get().lang).format(silent.slice(0, 3).map((x) => title(x.station)))} />` : t("today.all_heard")} />`;
}

/** @param {{s: any, at: number}} props */
function OutboxFigure({ s, at }) {
  useTick();
  const o = s.outbox;
  return html`<${Figure} title=${t("today.outbox")} value=${num(o.waiting)} to=${href("channels")} at=${at}
    unit=${o.waiting && o.oldest_ms ? t("today.messages_oldest", { age: dur(serverNow() - o.oldest_ms) }) : t("today.messages")}
    text=${o.dead ? t("today.dead", { n: o.dead }) : t("today.no_dead")} />`;
}

/** @param {{stations: any[], at: number}} props */
function DeviceFigure({ stations, at }) {
  const devices = stations.filter((x) => !x.silent).flatMap((x) => x.devices.map((/** @type {any} */ d) => ({ ...d, station: x.station })));
  const bad = devices.filter((d) => d.state !== "ready");
  const names = bad.slice(0, 3).map((d) => t("today.device_at", { device: t(`device.${d.kind}`), station: title(d.station), state: t("device.state", { state: d.state }) }));
  return html`<${Figure} title=${t("today.devices")} value=${num(bad.length)} unit=${t("today.devices_unit", { n: bad.length, all: devices.length })} at=${at}
    to=${href("stations")} text=${names.length ? new Intl.ListFormat(language.get().lang, { type: "unit" }).format(names) : t("today.devices_fine")} />`;
}

/** @param {{list: any[], channel: string}} props */
function Lane({ list, channel }) {
  const mine = useMemo(() => ofChannel(list, channel), [list, channel]);
  const points = useMemo(() => binned(mine.filter((c) => c.at > serverNow() - 4 * HOUR_MS), serverNow()).points, [mine]);
  const most = mine.length ? delay(quantile(mine.map((c) => c.total), 0.95), language.get().lang) : "";
  return html`<a class="res spark-row" href=${href("channels")}><b class="clip">${channel}</b>
    ${points.length > 1 ? html`<${Spark} points=${points} />` : html`<span class="s m">${most ? "" : t("plot.none")}</span>`}<b class="r nw">${most}</b></a>`;
}

/** @param {any} s */
const headline = (s) => t("today.title", { ahead: s.orders.open + s.orders.allocated + s.orders.released,
  short: s.orders.backordered, cases: s.exceptions_open });

export function Page() {
  const res = useResource("/summary", ["orders", "stations", "exceptions", "outbox", "stock"], BY_TIME_MS);
  const stations = useResource("/stations", ["stations", "devices"], BY_TIME_MS);
  const channels = useResource("/channels", ["channels", "outbox"], BY_TIME_MS);
  const confirmed = useConfirmed();
  const backups = useResource("/backups", ["backups"], BY_TIME_MS);
  if (!res.data) return html`<h1>${t("nav.today")}</h1><div class="card"><${Part} res=${res} rows=${7} draw=${() => null} /></div>`;
  const s = res.data;
  const list = stations.data?.items ?? [];
  const silent = s.stations.total - s.stations.heard;
  const day = new Intl.DateTimeFormat(language.get().lang, { weekday: "long", day: "numeric", month: "long" }).format(res.at);
  const names = (channels.data?.items ?? []).map((/** @type {any} */ c) => c.channel);
  return html`<${Head} title=${s.orders.total ? headline(s) : t("today.title_new")} sub=${html`<${T} id="today.sub" day=${day}
      clock=${html`<${Clock} at=${res.at} />`} heard=${s.stations.heard} total=${s.stations.total} silent=${silent} />`} />
    <div class="grid">
      ${backups.data ? html`<${Risk} d=${backups.data} />` : null}
      <div class="grid g2">${s.orders.total ? html`<${Ahead} s=${s} at=${res.at} />` : html`<div class="card"><${Empty} icon="orders" title=${t("orders.none_yet")}
          text=${t("orders.none_yet_do")}><a class="btn go" href=${href("import")}>${t("nav.import")}</a>
          <a class="btn" href=${href("channels")}>${t("orders.see_channels")}</a><//></div>`}<${NeedsPerson} n=${s.exceptions_open} /></div>
      <div class="grid g4"><${ToldFigure} list=${confirmed.list} at=${confirmed.at || res.at} /><${StationFigure} s=${s} at=${stations.at || res.at} stations=${list} />
        <${OutboxFigure} s=${s} at=${res.at} /><${DeviceFigure} stations=${list} at=${stations.at || res.at} /></div>
      ${names.length ? html`<${Card} title=${t("today.lag")} aside=${t("today.lag_aside")}><div class="sparks">
        ${names.map((/** @type {string} */ c) => html`<${Lane} key=${c} list=${confirmed.list} channel=${c} />`)}</div><//>` : null}
    </div>`;
}
