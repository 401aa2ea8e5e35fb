// Stations: silent first, then by how much waits. Nobody is green: each says what waits and since when.
import { html, useState } from "/shared/ui.js";
import { Act } from "../act.js";
import { serverNow } from "../live.js";
import { Chips, Empty, Failure, Head, Icon, Part, Tag, Timed, useTick } from "../parts.js";
import { BY_TIME_MS, useResource } from "../resource.js";
import { go, href } from "../router.js";
import { person } from "../session.js";
import { dur, T, t, title } from "../words.js";

const SHOWN_FIRST = 60;
const CLOCK_OFF_MS = 5000; // below this a clock's error explains nothing; the offset is server minus station
const WAITING_MANY = 100;

/** @param {any} d */
export function deviceTone(d) {
  if (d.state === "ready") return "";
  return d.state === "gone" ? "stop" : "ask";
}

/** @param {{station: any, device: any}} props */
function Device({ station, device: d }) {
  const state = d.state === "ready" ? "" : t("device.state", { state: d.state });
  const name = d.device || t(`device.${d.kind}`);
  if (station.silent)
    return html`<span class="tag"><${Icon} name="dots" /><span>${t("device.last_known", { name, state: t("device.state", { state: d.state }) })}</span></span>`;
  return html`<${Tag} tone=${deviceTone(d)} icon=${state ? undefined : "tick"}>${state ? `${name}: ${state}` : name}<//>`;
}

/** What the tag in the corner says: the thing that most needs a look. @param {any} s */
function headline(s) {
  if (s.status === "never") return { tone: "ask", text: t("station.never") };
  if (s.silent) return { tone: "stop", text: t(s.status === "down" ? "station.off" : "station.silent", { age: dur(serverNow() - s.heard_ms) }) };
  const bad = s.devices.find((/** @type {any} */ d) => d.state !== "ready");
  if (bad) return { tone: deviceTone(bad), text: `${t(`device.${bad.kind}`)}: ${t("device.state", { state: bad.state })}` };
  if (Math.abs(s.clock_offset_ms) > CLOCK_OFF_MS)
    return { tone: "ask", text: t("station.clock", { age: dur(Math.abs(s.clock_offset_ms)), fast: s.clock_offset_ms < 0 ? "yes" : "no" }) };
  if (s.waiting > WAITING_MANY) return { tone: "ask", text: t("station.many") };
  return { tone: "ok", text: s.leases ? t("station.working") : t("station.idle") };
}

/** @param {{s: any}} props */
function Waits({ s }) {
  if (s.status === "never") return html`<div>${t("station.never_why")}</div>`;
  if (s.silent) return html`<div><${Timed} id="station.unknown" n=${s.waiting} at=${s.heard_ms} /></div>`;
  const oldest = s.oldest_ms && s.waiting > 0 ? dur(serverNow() - s.oldest_ms) : "";
  return html`<div><${Timed} id="station.waiting" n=${s.waiting} oldest=${oldest} known=${oldest ? "yes" : "no"} at=${s.heard_ms} /></div>`;
}

/** @param {{s: any}} props */
export function Station({ s }) {
  useTick();
  const [off, setOff] = useState(false);
  const { tone, text } = headline(s);
  const edge = tone === "ok" ? "" : tone;
  return html`<article class=${`card st ${edge}`}>
    <div class="row"><h2>${title(s.station)}, ${title(s.site)}</h2><${Tag} tone=${tone}>${text}<//></div>
    <${Waits} s=${s} />
    ${s.status === "never" ? null : html`<div>${s.silent && s.leases
      ? html`<${T} id="station.holds_silent" n=${s.leases} />` : html`<${T} id="station.holds" n=${s.leases} />`}</div>
    <div class="m">${t("station.kept", { n: s.through })}${s.down_waiting ? ` ${t("station.down_waiting", { n: s.down_waiting })}` : ""}</div>`}
    ${s.silent ? html`<div class="acts"><button type="button" class="btn" aria-expanded=${String(off)}
      onClick=${() => setOff(!off)}>${t("writeoff.open")}</button></div>` : null}
    ${s.silent && off ? html`<${Act} words="writeoff" values=${{ station: `${title(s.station)}, ${title(s.site)}` }}
      path=${`/stations/${encodeURIComponent(`${s.site}/${s.station}`)}/write-off`}
      body=${(/** @type {FormData} */ f) => ({ reason: String(f.get("reason")).trim(), by: person.get() || "console" })} close=${() => setOff(false)} />` : null}
    ${s.parked ? html`<div class="bad">${t("station.parked", { n: s.parked })}</div>` : null}
    ${s.devices.length ? html`<div class="dv">${s.devices.map((/** @type {any} */ d) =>
      html`<${Device} key=${d.device} station=${s} device=${d} />`)}</div>`
      : s.status === "never" ? null : html`<div class="m s">${t("station.no_devices")}</div>`}
  </article>`;
}

/** Silent first, then what needs a hand, then by how much waits. @param {any} a @param {any} b */
export function byUrgency(a, b) {
  const rank = (/** @type {any} */ s) => (s.silent ? 2 : s.devices.some((/** @type {any} */ d) => d.state !== "ready") ? 1 : 0);
  return rank(b) - rank(a) || (a.silent ? b.leases - a.leases : 0) || b.waiting - a.waiting
    || a.site.localeCompare(b.site) || a.station.localeCompare(b.station, undefined, { numeric: true });
}

/** @param {{items: any[], site: string}} props */
function Grid({ items, site }) {
  const [all, setAll] = useState(false);
  const mine = items.filter((s) => !site || s.site === site).sort(byUrgency);
  const shown = all ? mine : mine.slice(0, SHOWN_FIRST);
  const rest = mine.slice(shown.length);
  if (!items.length) return html`<div class="card"><${Empty} icon="stations" title=${t("station.none")} text=${t("station.none_do")} /></div>`;
  return html`<div class="grid g3">${shown.map((s) => html`<${Station} key=${`${s.site}/${s.station}`} s=${s} />`)}</div>
    ${rest.length ? html`<p class="m pad">${t("station.more", { n: rest.length, waiting: rest.reduce((n, s) => n + s.waiting, 0) })}${" "}
      <button type="button" class="link" onClick=${() => setAll(true)}>${t("station.show_them")}</button></p>` : null}`;
}

/** @param {{params: URLSearchParams}} props */
export function Page({ params }) {
  const res = useResource("/stations", ["stations", "devices"], BY_TIME_MS);
  const site = params.get("site") ?? "";
  const items = res.data?.items ?? [];
  const heard = items.filter((/** @type {any} */ s) => !s.silent).length;
  const sites = [...new Set(items.map((/** @type {any} */ s) => s.site))].sort();
  const chips = [{ id: "", label: t("station.all_sites"), on: !site, pick: () => go(href("stations"), true) },
    ...sites.map((n) => ({ id: n, on: n === site, pick: () => go(href("stations", "", { site: n }), true),
      label: `${title(n)} ${items.filter((/** @type {any} */ s) => s.site === n).length}` }))];
  return html`<${Head} title=${res.data && items.length ? t("station.title", { heard, total: items.length, silent: items.length - heard })
      : t("nav.stations")} sub=${items.length ? t("station.sub") : undefined}>
      ${sites.length > 1 ? html`<${Chips} label=${t("orders.show")} chips=${chips} />` : null}<//>
    ${res.data ? html`<${Grid} items=${items} site=${site} />${res.error && res.error.kind !== "network"
      ? html`<${Failure} error=${res.error} at=${res.at} again=${res.again} />` : null}`
      : html`<div class="card"><${Part} res=${res} rows=${6} draw=${() => null} /></div>`}`;
}
