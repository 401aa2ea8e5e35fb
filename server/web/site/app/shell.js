// The frame: rail and tabs, search, the state of the line to the server.
import { html, useEffect, useRef } from "/shared/ui.js";
import { clock } from "/shared/age.js";
import { connect, lastChange, line, serverNow } from "./live.js";
import { Icon, useTick } from "./parts.js";
import { BY_TIME_MS, useResource } from "./resource.js";
import { go, href, route } from "./router.js";
import { useSignal } from "./signal.js";
import { dur, language, t } from "./words.js";

const NAV = ["today", "orders", "stock", "goods", "exceptions", "sites", "stations", "decisions", "channels", "events", "backups"];
const TABS = ["today", "orders", "stock", "exceptions", "more"];

/** @param {{page: string, open: number, current: boolean, short?: boolean}} props */
const Link = ({ page, open, current, short }) =>
  html`<a href=${href(page)} aria-current=${current ? "page" : undefined}>
    <${Icon} name=${page} />${t(short && page === "exceptions" ? "nav.cases" : `nav.${page}`)}
    ${page === "exceptions" && open > 0 ? html`<span class="n"><span class="hid">${t("nav.open")} </span>
      ${open > 999 ? "999+" : open}</span>` : null}</a>`;

/** @param {{summary: any}} props */
function RailFoot({ summary }) {
  if (!summary) return null;
  const { heard, total } = summary.stations;
  return html`<div class="foot"><b>${t("rail.heard", { heard, total })}</b>
    <div class="m">${t("rail.waiting", { n: summary.waiting })}</div></div>`;
}

function Live() {
  useTick();
  useSignal(lastChange);
  const l = line.get();
  const now = serverNow();
  const lang = language.get().lang;
  if (l.mode === "silent")
    return html`<div class="live"><b class="bad">${t("live.silent", { age: dur(Date.now() - l.heardAt, true) })}</b>
      <span class="m">${t("live.shown", { clock: clock(now, now, lang) })}</span></div>`;
  if (l.mode === "connecting") return html`<div class="live"><b>${t("live.connecting")}</b></div>`;
  const changed = lastChange.get();
  return html`<div class="live"><b>${clock(now, now, lang)}</b>
    <span class="m">${changed ? t("live.changed", { age: dur(now - changed) }) : t("live.quiet")}</span></div>`;
}

/** The red line: since when, what is shown, what goes on, when the next try is. */
export function Silent() {
  useTick();
  const l = line.get();
  if (l.mode !== "silent") return null;
  const now = serverNow();
  const next = Math.max(0, Math.ceil((l.retryAt - Date.now()) / 1000));
  const since = clock(now, now + Date.now() - l.heardAt, language.get().lang);
  return html`<div class="hl"><${Icon} name="cut" /><div class="grow">
      <b>${t("silent.since", { clock: since, age: dur(Date.now() - l.heardAt, true) })}</b>${" "}
      ${t("silent.meaning")} ${next > 0 ? t("silent.next", { n: next }) : t("silent.trying")}</div>
    <button type="button" class="btn" onClick=${connect}>${t("act.try_now")}</button></div>`;
}

function Search() {
  const r = useSignal(route);
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  const q = r.page === "search" ? r.params.get("q") ?? "" : "";
  useEffect(() => {
    if (field.current && document.activeElement !== field.current) field.current.value = q;
  }, [q, r.page]);
  const ask = () => {
    const text = field.current?.value.trim() ?? "";
    if (text) go(href("search", "", { q: text }), r.page === "search");
  };
  /** @param {KeyboardEvent} e */
  const key = (e) => {
    if (e.key === "Escape") field.current?.blur();
    if (e.key === "ArrowDown") {
      e.preventDefault();
      /** @type {HTMLElement | null} */ (document.querySelector("[data-nav]"))?.focus();
    }
    if (e.key === "Enter") {
      ask();
      document.dispatchEvent(new CustomEvent("dockline-open-first"));
    }
  };
  return html`<div class="search" role="search"><${Icon} name="find" />
    <input id="q" ref=${field} type="search" placeholder=${t("search.placeholder")}
      aria-label=${t("search.label")} autocomplete="off" spellcheck=${false} onInput=${ask} onKeyDown=${key} />
    <kbd aria-hidden="true">/</kbd></div>`;
}

/** @param {{children?: any, title: string}} props */
export function Shell({ children, title }) {
  const r = useSignal(route);
  const summary = useResource("/summary", ["orders", "stations", "exceptions", "outbox", "stock"], BY_TIME_MS);
  const main = useRef(/** @type {HTMLElement | null} */ (null));
  const open = summary.data?.exceptions_open ?? 0;
  const tab = TABS.includes(r.page) ? r.page : "more";
  useEffect(() => {
    document.title = title ? `${title} - Dockline` : "Dockline";
  }, [title]);
  useEffect(() => {
    scrollTo(0, 0);
    if (r.page !== "search") main.current?.focus({ preventScroll: true });
  }, [r.page, r.id]);
  return html`<div class="app">
    <a class="skip" href="#main" onClick=${(/** @type {Event} */ e) => { e.preventDefault(); main.current?.focus(); }}>
      ${t("nav.skip")}</a>
    <nav class="rail" aria-label=${t("nav.main")}><div class="brand"><${Icon} name="brand" />Dockline</div>
      ${NAV.map((p) => html`<${Link} key=${p} page=${p} open=${open} current=${p === r.page} />`)}
      <div class="grow"></div>
      <a href=${href("help")} class="quiet" aria-current=${r.page === "help" ? "page" : undefined}>
        <${Icon} name="keys" />${t("nav.help")}</a>
      <${RailFoot} summary=${summary.data} /></nav>
    <header class="bar"><${Search} /><${Live} /></header>
    <main class="main" id="main" tabindex="-1" ref=${main}><${Silent} />${children}</main>
    <nav class="tabs" aria-label=${t("nav.tabs")}>
      ${TABS.map((p) => html`<${Link} key=${p} page=${p} open=${open} current=${p === tab} short />`)}</nav>
    <${Announcer} />
  </div>`;
}

/** Says to a screen reader when the line goes and comes back; ages and counts are never announced. */
function Announcer() {
  const mode = useSignal(line).mode;
  const was = useRef(mode);
  const back = was.current === "silent" && mode === "live";
  useEffect(() => { was.current = mode; }, [mode]);
  return html`<div class="hid" role="status">${mode === "silent" ? t("silent.said") : back ? t("silent.back") : ""}</div>`;
}

