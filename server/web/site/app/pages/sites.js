// Sites: whether each is open by its own clock, when its carrier leaves, what it has to do today and
// what it holds, which of its stations are heard; and what people say of it, changed in place.
import { html, useState } from "/shared/ui.js";
import { line, serverNow } from "../live.js";
import { Age, Bar, Card, Empty, Failure, Head, Icon, Part, Tag, useTick } from "../parts.js";
import { BY_TIME_MS, useResource } from "../resource.js";
import { href } from "../router.js";
import { useSignal } from "../signal.js";
import { dur, language, num, T, t, title } from "../words.js";
import { Later } from "../later.js";

const TOPICS = ["stations", "orders"];
const SHOWN_FIRST = 60;

/** Without a title of its own the server calls it by its name. @param {any} s */
const named = (s) => (s.title && s.title !== s.site ? s.title : title(s.site));

/** An instant as the clock of the site shows it, with the day when it is not today there. @param {number} at @param {any} s */
function there(at, s) {
  const lang = language.get().lang;
  const say = (/** @type {Intl.DateTimeFormatOptions} */ o, /** @type {number} */ when) => {
    try {
      return new Intl.DateTimeFormat(lang, { timeZone: s.values.time_zone ?? "UTC", ...o }).format(when);
    } catch {
      return `${new Intl.DateTimeFormat(lang, { timeZone: "UTC", ...o }).format(when)} UTC`; // a zone that this browser does not know
    }
  };
  const day = (/** @type {number} */ when) => say({ year: "numeric", month: "2-digit", day: "2-digit" }, when);
  const hour = say({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, at);
  return day(at) === day(serverNow()) ? hour : `${say({ weekday: "short" }, at)} ${hour}`;
}

/** What most needs a look. @param {any} s @returns {{tone: import("../parts.js").Tone, text: string, icon?: string}} */
function headline(s) {
  const { total, heard, silent } = s.stations;
  if (total > 0 && heard === 0) return { tone: "stop", text: t("site.dark") };
  if (s.problem) return { tone: "ask", text: t("site.unusable") };
  if (silent > 0) return { tone: "ask", text: t("site.silent_n", { n: silent }) };
  if (s.left_today === 0) return { tone: "ask", text: t("site.full") };
  if (s.open_now) return { tone: "ok", text: t("site.open_until", { clock: there(s.cut_off_ms, s) }) };
  return { tone: "", text: s.open_now === null ? t("site.hours_unknown") : t("site.closed_now"), icon: "wait" };
}

/** @param {{s: any}} props */
function Hours({ s }) {
  useTick();
  const cut = s.cut_off_ms ? t("site.cut_off_in", { clock: there(s.cut_off_ms, s), in: dur(Math.max(0, s.cut_off_ms - serverNow())) }) : t("site.no_cut_off");
  return html`<dt>${t("site.today")}</dt><dd>${s.open_now === null ? t("site.hours_unknown") : s.today ? t("site.hours", { opens: there(s.today.opens_ms, s), cut: there(s.today.cut_off_ms, s), open: s.open_now ? "yes" : "no" }) : t("site.closed_today")}
      ${s.values.time_zone ? html`<span class="m s block">${t("site.clock", { clock: there(serverNow(), s), zone: s.values.time_zone })}</span>` : null}</dd>
    <dt>${t("site.cut_off")}</dt><dd>${s.open_now === null ? t("site.not_known") : cut}</dd>`;
}

/** What it packs today, of what it can. @param {{s: any}} props */
function Load({ s }) {
  const capacity = s.capacity_per_day;
  const words = t("site.load", { closed: s.closed_today, waiting: s.waiting });
  return html`<dt>${t("site.load_title")}</dt><dd>${words}
    ${capacity === null ? html`<span class="m s block">${t("site.no_capacity")}</span>`
      : html`<span class="m s block">${t("site.left", { left: s.left_today, capacity })}</span><${Bar} tall label=${`${words} ${t("site.left", { left: s.left_today, capacity })}`}
          parts=${[["packed", s.closed_today], ["wait", s.waiting], ["none", Math.max(0, capacity - s.closed_today - s.waiting)]]} />`}</dd>`;
}

/** @param {{s: any}} props */
const Holds = ({ s }) => html`<dt>${t("site.holds")}</dt><dd>${s.skus === null ? t("site.many_skus") : t("site.goods", { skus: s.skus, pieces: s.pieces })}
    <span class="s block">${t("site.at_benches", { n: s.at_benches })}, <a href=${href("goods", "parcels", { site: s.site })}>${t("site.parcels", { n: s.parcels })}</a></span></dd>`;

/** @param {{s: any}} props */
const Stations = ({ s }) => html`<dt>${t("nav.stations")}</dt><dd>${s.stations.total ? html`<a href=${href("stations", "", { site: s.site })}>${t("site.stations", { heard: s.stations.heard, total: s.stations.total })}</a>
    ${s.stations.never ? html`<span class="m s block">${t("site.never_n", { n: s.stations.never })}</span>` : null}` : t("site.no_stations")}</dd>`;

/** What is said of it, as it is kept. @param {{s: any}} props */
const Said = ({ s }) => html`<${Card} title=${t("site.said")} aside=${t(`site.from_${s.from}`)}><div class="pad">${Object.keys(s.values).length ? html`<dl class="kv">${Object.entries(s.values).map(([key, value]) =>
    html`<dt key=${key}><bdi>${key}</bdi></dt><dd><bdi>${value}</bdi></dd>`)}</dl>` : html`<p class="m">${t("site.said_nothing")}</p>`}
    ${s.version ? html`<p class="m s">${t("site.version", { version: s.version })}</p>` : null}</div><//>`;

/** @param {{s: any, at: number, alone: boolean}} props */
function Site({ s, at, alone }) {
  const [open, setOpen] = useState(false);
  const off = useSignal(line).mode !== "live";
  const { tone, text, icon } = headline(s);
  const edge = tone === "ok" ? "" : tone;
  const name = named(s);
  return html`<article class=${`card st ${edge}`}><div class="row"><h2>${alone ? name : html`<a class="plain" href=${href("sites", s.site)}>${name}</a>`}</h2><${Tag} tone=${tone} icon=${icon}>${text}<//></div>
    <div class="m s"><bdi>${s.site}</bdi>, ${t("site.priority", { n: s.priority })}, <${Age} at=${at} /></div>
    ${s.problem ? html`<div class="bad">${t("site.problem")} ${s.problem}</div>` : null}
    <dl class="kv"><${Hours} s=${s} /><${Load} s=${s} /><${Stations} s=${s} /><${Holds} s=${s} /></dl>
    <div class="acts"><button type="button" class="btn" disabled=${off} aria-expanded=${String(open)} onClick=${() => setOpen(!open)}>${t("site.describe")}</button></div>
    ${open ? html`<${Later} name="siteform" site=${s.site} close=${() => setOpen(false)} />` : null}</article>`;
}

/** @param {{items: any[], at: number}} props */
function Grid({ items, at }) {
  const [all, setAll] = useState(false);
  const shown = all ? items : items.slice(0, SHOWN_FIRST);
  return html`<div class="grid g2">${shown.map((s) => html`<${Site} key=${s.site} s=${s} at=${at} alone=${false} />`)}</div>
    ${shown.length < items.length ? html`<p class="m pad">${t("site.more", { n: items.length - shown.length })}${" "}<button type="button" class="link" onClick=${() => setAll(true)}>${t("station.show_them")}</button></p>` : null}`;
}

/** @param {{id: string}} props id: one of them, with all that is said of it */
export function Page({ id }) {
  const res = useResource("/sites", TOPICS, BY_TIME_MS);
  const items = /** @type {any[]} */ (res.data?.items ?? []);
  const one = items.find((s) => s.site === id);
  const open = items.filter((s) => s.open_now).length;
  const dark = items.filter((s) => s.stations.total > 0 && s.stations.heard === 0).length;
  if (!res.data) return html`<${Head} title=${t("nav.sites")} /><div class="card"><${Part} res=${res} rows=${6} draw=${() => null} /></div>`;
  const trouble = res.error && res.error.kind !== "network" ? html`<${Failure} error=${res.error} at=${res.at} again=${res.again} />` : null;
  if (id) return html`<${Head} title=${one ? named(one) : t("nav.sites")} sub=${html`<a href=${href("sites")}>${t("station.all_sites")}</a>`} />${trouble}
    ${one ? html`<div class="grid g2 top"><${Site} key=${id} s=${one} at=${res.at} alone=${true} /><${Said} s=${one} /></div>`
      : html`<div class="card"><${Empty} icon="find" title=${t("site.missing", { site: id })} /></div>`}`;
  if (!items.length) return html`<${Head} title=${t("nav.sites")} /><div class="card"><${Empty} icon="stations" title=${t("site.none")} text=${t("site.none_do")} /></div>`;
  return html`<${Head} title=${t("site.title", { n: items.length, open, dark })} sub=${t("site.sub")} />${trouble}
    <${Grid} items=${items} at=${res.at} /><div class="apart-top"><${Later} name="save" tables=${["sites"]} /><p class="s m"><a href=${href("import")}>${t("site.csv_in")}</a></p></div>`;
}
