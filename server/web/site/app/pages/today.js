// Today at a glance: where the orders stand, what is late or may become so, what needs a person, who
// is silent, how long the channels wait. Every figure has its age and leads to what it counts.
import { html } from "/shared/ui.js";
import { delay } from "/shared/age.js";
import { serverNow } from "../live.js";
import { Age, Bar, Card, Clock, Empty, Head, Part, Timed, useTick } from "../parts.js";
import { TARGET_MS } from "../plot.js";
import { BY_TIME_MS, useResource } from "../resource.js";
import { href } from "../router.js";
import { Table } from "../table.js";
import { dur, language, num, T, t, title } from "../words.js";
import { Risk } from "./backups.js";
import { Case, kindWords } from "./exceptions.js";

const KINDS_SHOWN = 6;
const TOPICS = ["orders", "stations", "exceptions", "outbox", "stock", "channels"];

/** Steps of an order's way that are still ahead, nearest to the door first: state, pattern. */
const STEPS = /** @type {const} */ ([["released", "pick"], ["allocated", "wait"], ["open", "wait"], ["backordered", "risk"]]);

/** @param {{o: any, at: number}} props */
function Ahead({ o, at }) {
  const live = Math.max(1, o.total - o.cancelled);
  const packed = o.packed + (o.shipped ?? 0) + (o.delivered ?? 0) + (o.returned ?? 0);
  const words = t("today.bar", { packed, released: o.released, waiting: o.allocated + o.open, short: o.backordered });
  const row = (/** @type {string} */ state, /** @type {string} */ kind, /** @type {number} */ n) => html`<a key=${state} class="cut" href=${href("orders", "", { state })}>
    <span class="t">${num(n)}</span><span><b>${t(`orders.chip_${state}`)}</b><span class="m s block">${t(`today.${state}`)}</span></span>
    <${Bar} tall label=${t("today.share", { n, all: live })} parts=${[[kind, n], ["none", Math.max(0, live - n)]]} /></a>`;
  return html`<${Card} title=${t("today.ahead")} aside=${html`<${Age} at=${at} />`}>
    <div class="pad"><${Bar} tall label=${words} parts=${[["packed", packed], ["pick", o.released], ["wait", o.allocated + o.open], ["risk", o.backordered]]} />
      <p class="under"><a class="plain" href=${href("orders", "", { state: "packed" })}><${T} id="today.packed_of" n=${packed} all=${live} /></a></p></div>
    <div class="rows">${STEPS.filter(([s]) => s !== "open" || o.open > 0).map(([state, kind]) => row(state, kind, o[state]))}</div><//>`;
}

/** Kinds of open cases, the one that has waited longest first. @param {{kinds: any[]}} props */
function Kinds({ kinds }) {
  useTick();
  const sorted = [...kinds].sort((a, b) => a.oldest_ms - b.oldest_ms);
  const rest = sorted.slice(KINDS_SHOWN).reduce((n, k) => n + k.open, 0);
  return html`<div class="rows">${sorted.slice(0, KINDS_SHOWN).map((k) => html`<a key=${k.kind} class="res moves" href=${href("exceptions", "", { kind: k.kind })}>
      <b class="r">${num(k.open)}</b><span class="clip">${kindWords(k.kind)}</span>
      <span class="age"><${Timed} id="today.oldest" at=${k.oldest_ms} /></span></a>`)}</div>
    ${rest ? html`<p class="pad m line">${t("today.other_kinds", { n: rest })}</p>` : null}`;
}

/** @param {{kinds: any[], at: number}} props */
function NeedsPerson({ kinds, at }) {
  const n = kinds.reduce((sum, k) => sum + k.open, 0);
  const res = useResource(n ? "/exceptions?state=open&limit=1" : null, ["exceptions"]);
  const newest = res.data?.items?.[0];
  return html`<${Card} title=${t("today.person")} aside=${html`${t("today.person_n", { n })}, <${Age} at=${at} />`}>
    ${n ? html`<${Kinds} kinds=${kinds} />${newest ? html`<div class="line"><${Case} key=${newest.id} e=${newest} small /></div>` : null}
        <p class="pad line"><a href=${href("exceptions")}>${t("today.all_cases", { n })}</a></p>`
      : html`<${Empty} icon="ok" title=${t("ex.none")} text=${html`<${Timed} id="ex.none_checked" at=${at} />`} />`}<//>`;
}

/** @param {{title: string, value: any, unit: string, text: any, at: number, to: string, tone?: string}} props */
const Figure = ({ title: name, value, unit, text, at, to, tone }) =>
  html`<section class=${`card fig ${tone ?? ""}`}><h2><a class="plain" href=${to}>${name}</a></h2><div class="v">${value} <small>${unit}</small></div><div>${text}</div><${Age} at=${at} /></section>`;

/** What waits longest, of each kind. @param {{waits: any[], at: number}} props */
function Longest({ waits, at }) {
  useTick();
  const to = (/** @type {any} */ w) => (w.what === "outbox" ? href("channels") : w.what === "exception" ? href("exceptions", w.id)
    : w.what === "station" ? href("stations", "", { site: w.id.split("/")[0] }) : href("orders", w.id));
  return html`<${Card} title=${t("today.longest")} aside=${html`<${Age} at=${at} />`}><div class="rows">${[...waits].sort((a, b) => a.since_ms - b.since_ms).map((w) =>
    html`<a key=${w.what} class="res figs" href=${to(w)}><b>${dur(serverNow() - w.since_ms)}</b><span>${t(`wait.${w.what}`)}</span>
      <span class="s m r wrap"><bdi>${w.what === "exception" ? "" : w.id.replace(/^[^:]*:/, "")}</bdi></span></a>`)}</div><//>`;
}

/** Late, at risk and held: how many, and the first of them. @param {{d: any, at: number, late: any, risk: any, held: any}} props resources of lists of one row */
function Promises({ d, at, late, risk, held }) {
  const figure = (/** @type {any} */ res, /** @type {number} */ n, /** @type {string} */ name, /** @type {string} */ tone, /** @type {Record<string, string>} */ filter) => {
    const first = res.data?.items?.[0];
    return html`<${Figure} title=${t(`today.${name}`)} value=${num(n)} unit=${t("today.orders_unit", { n })} at=${at} to=${href("orders", "", filter)} tone=${n ? tone : ""}
      text=${n ? html`${t(`today.${name}_text`)}${first ? html` <a href=${href("orders", first.id)}>${first.number}</a>` : null}` : t(`today.${name}_none`)} />`;
  };
  return html`<div class="grid g3 keep">${figure(late, d.late, "late", "stop", { outlook: "late" })}${figure(risk, d.at_risk, "risk", "ask", { outlook: "at_risk" })}
    ${figure(held, d.held, "held", "ask", { held: "true" })}</div>`;
}

/** @param {{d: any, at: number, stations: any[]}} props */
function StationFigure({ d, at, stations }) {
  const silent = stations.filter((x) => x.silent && x.status !== "never").map((x) => title(x.station));
  const names = new Intl.ListFormat(language.get().lang).format(silent.slice(0, 3));
  const never = d.stations.never ? t("today.never", { n: d.stations.never }) : "";
  return html`<${Figure} title=${t("nav.stations")} value=${num(d.stations.up)} unit=${t("today.of_heard", { n: d.stations.total })} at=${at} to=${href("stations")}
    tone=${d.stations.silent ? "stop" : ""} text=${silent.length ? html`<${T} id="today.not_counting" n=${silent.length} names=${names} />${" "}${never}` : `${t("today.all_heard")} ${never}`} />`;
}

/** @param {{o: any, at: number}} props */
function OutboxFigure({ o, at }) {
  useTick();
  return html`<${Figure} title=${t("today.outbox")} value=${num(o.waiting)} to=${href("channels")} at=${at} tone=${o.dead ? "ask" : ""}
    unit=${o.waiting && o.oldest_ms ? t("today.messages_oldest", { age: dur(serverNow() - o.oldest_ms) }) : t("today.messages")}
    text=${o.dead ? t("today.dead", { n: o.dead }) : t("today.no_dead")} />`;
}

/** @param {{d: any, at: number}} props */
const WaitingFigure = ({ d, at }) => html`<${Figure} title=${t("today.waiting")} value=${num(d.stations.waiting)} unit=${t("today.records")} at=${at} to=${href("stations")}
  text=${d.stations.silent ? t("today.waiting_unknown", { n: d.stations.silent }) : t("today.waiting_all")} />`;

/** @param {{stations: any[], at: number}} props */
function DeviceFigure({ stations, at }) {
  const devices = stations.filter((x) => !x.silent).flatMap((x) => x.devices.map((/** @type {any} */ d) => ({ ...d, station: x.station })));
  const bad = devices.filter((d) => d.state !== "ready");
  const names = bad.slice(0, 3).map((d) => t("today.device_at", { device: t(`device.${d.kind}`), station: title(d.station), state: t("device.state", { state: d.state }) }));
  return html`<${Figure} title=${t("today.devices")} value=${num(bad.length)} unit=${t("today.devices_unit", { n: bad.length, all: devices.length })} at=${at} tone=${bad.length ? "ask" : ""}
    to=${href("stations")} text=${names.length ? new Intl.ListFormat(language.get().lang, { type: "unit" }).format(names) : t("today.devices_fine")} />`;
}

/** How long a change takes to the channel's own confirmation. @param {{lag: any[], at: number}} props */
function Lag({ lag, at }) {
  const lang = language.get().lang;
  const say = (/** @type {number} */ ms, /** @type {any} */ l) => (l.n ? html`<span class=${ms > TARGET_MS ? "bad" : ""}>${delay(ms, lang)}</span>` : t("channel.none"));
  const cols = [{ label: t("channel.channel") }, { label: t("plot.changes"), right: true }, { label: t("today.p50"), right: true }, { label: t("today.p95"), right: true }, { label: t("today.p99"), right: true }];
  return html`<${Table} label=${t("today.lag")} cols=${cols} cls="c-p" total=${lag.length} first=${1} labels
    before=${html`<header><h2><a class="plain" href=${href("channels")}>${t("today.lag")}</a></h2><span class="age"><${Age} at=${at} /></span></header>`}
    rows=${lag.map((l) => ({ key: l.channel, cells: [html`<a class="clip" href=${href("channels")}>${l.channel}</a>`, num(l.n), say(l.p50_ms, l), say(l.p95_ms, l), say(l.p99_ms, l)] }))} />`;
}

/** @param {any} d @param {number} late */
const headline = (d, late) => t("today.title", { ahead: d.orders.open + d.orders.allocated + d.orders.released,
  short: d.orders.backordered, late, cases: d.exceptions.reduce((/** @type {number} */ n, /** @type {any} */ k) => n + k.open, 0) });

/** @param {{res: any, late: any, risk: any, held: any}} props */
function Glance({ res, late, risk, held }) {
  const d = res.data;
  const stations = useResource("/stations", ["stations", "devices"], BY_TIME_MS);
  const summary = useResource("/summary", ["outbox"], BY_TIME_MS);
  const list = stations.data?.items ?? [];
  return html`<div class="grid g2"><div class="grid side">${d.orders.total ? html`<${Ahead} o=${d.orders} at=${res.at} />` : html`<div class="card"><${Empty} icon="orders" title=${t("orders.none_yet")}
      text=${t("orders.none_yet_do")}><a class="btn go" href=${href("import")}>${t("nav.import")}</a>
      <a class="btn" href=${href("channels")}>${t("orders.see_channels")}</a><//></div>`}
      <${Promises} d=${d} at=${res.at} late=${late} risk=${risk} held=${held} />
      <div class="grid two"><${StationFigure} d=${d} at=${res.at} stations=${list} /><${WaitingFigure} d=${d} at=${res.at} />
        ${summary.data ? html`<${OutboxFigure} o=${summary.data.outbox} at=${summary.at} />` : null}
        <${DeviceFigure} stations=${list} at=${stations.at || res.at} /></div>
        ${d.lag.length ? html`<${Lag} lag=${d.lag} at=${res.at} />` : null}</div>
      <div class="grid side"><${NeedsPerson} kinds=${d.exceptions} at=${res.at} />${d.waits.length ? html`<${Longest} waits=${d.waits} at=${res.at} />` : null}</div></div>`;
}

export function Page() {
  const res = useResource("/today", TOPICS, BY_TIME_MS);
  const late = useResource("/orders?outlook=late&limit=1", ["orders"], BY_TIME_MS);
  const risk = useResource("/orders?outlook=at_risk&limit=1", ["orders"], BY_TIME_MS);
  const held = useResource("/orders?held=true&limit=1", ["orders"], BY_TIME_MS);
  const backups = useResource("/backups", ["backups"], BY_TIME_MS);
  if (!res.data) return html`<h1>${t("nav.today")}</h1><div class="card"><${Part} res=${res} rows=${7} draw=${() => null} /></div>`;
  const d = res.data;
  const day = new Intl.DateTimeFormat(language.get().lang, { weekday: "long", day: "numeric", month: "long" }).format(res.at);
  return html`<${Head} title=${d.orders.total ? headline(d, d.late) : t("today.title_new")} sub=${html`<${T} id="today.sub" day=${day}
      clock=${html`<${Clock} at=${res.at} />`} heard=${d.stations.up} total=${d.stations.total} silent=${d.stations.silent} />`} />
    <div class="grid">${backups.data ? html`<${Risk} d=${backups.data} />` : null}<${Glance} res=${res} late=${late} risk=${risk} held=${held} />
      <${Part} res=${res} draw=${() => null} /></div>`;
}
