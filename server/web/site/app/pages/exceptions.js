// What needs a person: what, context, proposed, and buttons with verbs. One press decides in place.
import { html, useEffect, useRef } from "/shared/ui.js";
import { decide, holds, takeBack, takeBackLast } from "../holds.js";
import { useKeys } from "../keys.js";
import { line } from "../live.js";
import { chosen, Filters, narrowed } from "../filters.js";
import { Age, Chips, Empty, Failure, Head, Icon, Part, Timed, useTick } from "../parts.js";
import { usePaged } from "../paged.js";
import { useResource } from "../resource.js";
import { go, href } from "../router.js";
import { useRows } from "../rows.js";
import { useSignal } from "../signal.js";
import { ButtonsOff, Paging, Waiting } from "../table.js";
import { ListOr } from "../vlist.js";
import { hasWords, num, t } from "../words.js";

/** A verb of the API in the reader's language. @param {string} action */
export function verb(action) {
  const id = `action.${action.replaceAll("-", "_")}`;
  return hasWords(id) ? t(id) : action.replace(/[-_]/g, " ");
}

/** Cases where goods or a customer are in danger come as an octagon. */
const GRAVE = /^(poison|gap|two_computers|negative_stock|overpacked|fenced_work|packed_twice|cancelled_after_pack)$/;
/** @param {any} e */
const toneOf = (e) => (GRAVE.test(e.kind) ? "stop" : "ask");

const OF_STATION = new Set(["gap", "store_restored", "two_computers", "version", "lease_holder", "mirror_differs", "station_trouble", "bench_problem", "clock"]);
const OF_ITEM = new Set(["negative_stock", "short_pick", "unknown_item"]);
const OF_ORDER = new Set(["overpacked", "fenced_work", "packed_twice", "cancelled_after_pack", "reopened_after_told", "told_twice", "order_differs", "order_too_large", "gone_though_stopped", "reopened_after_handover", "cancelled_after_handover"]);

/** Where the thing it is about can be seen. @param {any} e */
function subjectLink(e) {
  const s = e.subject;
  if (!s) return null;
  const about = s.split(/[#@]/)[0]; // what follows tells repeated cases apart
  if (OF_STATION.has(e.kind)) return html`<a href=${href("stations")}>${about}</a>`;
  if (OF_ITEM.has(e.kind)) return html`<a href=${href("stock", about)}>${about}</a>`;
  if (OF_ORDER.has(e.kind)) return html`<a href=${href("orders", about)}>${about}</a>`;
  return null;
}

/** @param {{e: any, small?: boolean}} props */
function Words({ e, small }) {
  const subject = subjectLink(e);
  return html`<div><h2 id=${`ex-${e.id}`}>${e.what}</h2>
    <p>${small || !e.context ? null : `${e.context.replace(/([^.!?…])$/, "$1.")} `}${subject && !small ? html`${subject}${" "}` : null}
      <span class="age"><${Timed} id="ex.open_for" at=${e.raised_ms} /></span></p>
    ${e.proposed && !small ? html`<p class="prop"><b>${t("ex.proposed")}</b> ${e.proposed}</p>` : null}</div>`;
}

/** @param {{hold: import("../holds.js").Hold}} props what a press turned the card into */
function Decided({ hold }) {
  useTick();
  const left = Math.max(0, Math.ceil((hold.sendAt - Date.now()) / 1000));
  const own = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => own.current?.focus(), []);
  const verbText = verb(hold.action);
  return html`<article class=${`ex ${hold.state === "failed" ? "ask" : "done"}`} tabindex="-1" ref=${own}
      aria-labelledby=${`ex-${hold.id}`}>
    <${Icon} name=${hold.state === "done" ? "ok" : hold.state === "failed" ? "ask" : "wait"} /><div>
      <div><h2 id=${`ex-${hold.id}`}>${t(`ex.${hold.state}`, { action: verbText, what: hold.what })}</h2></div>
      ${hold.error ? html`<${Failure} error=${hold.error} at=${0} />` : null}
      <div class="acts"><span class="m">${hold.state === "done" ? html`<${Timed} id="ex.by_you" at=${hold.doneAt} />`
          : hold.state === "held" ? t("ex.goes_in", { n: left }) : ""}</span>
        ${hold.state === "held" || hold.state === "failed" ? html`<button type="button" class="btn"
          onClick=${() => takeBack(hold.id)}>${t("ex.take_back")}<kbd>Z</kbd></button>` : null}</div></div></article>`;
}

/** @param {{e: any}} props */
function Resolved({ e }) {
  return html`<article class="ex done" aria-labelledby=${`ex-${e.id}`}><${Icon} name="ok" /><div><div>
    <h2 id=${`ex-${e.id}`}>${e.what}</h2><p>${e.context}</p>
    <p class="m">${e.resolved_ms ? html`${t("ex.resolved_by", { action: verb(e.action), by: e.by })} <${Age} at=${e.resolved_ms} />`
      : t("ex.gone")}</p></div></div></article>`;
}

/**
 * @param {{e: any, small?: boolean, first?: boolean}} props
 *   first: keys 1 to 3 act on it; small: as on the page of today
 */
export function Case({ e, small, first }) {
  const hold = useSignal(holds).get(e.id);
  const off = useSignal(line).mode !== "live";
  const actions = small ? e.actions.slice(0, 2) : e.actions.slice(0, 3);
  if (hold) return html`<${Decided} hold=${hold} />`;
  if (e.resolved_ms || e.gone) return html`<${Resolved} e=${e} />`;
  return html`<article class=${`ex ${toneOf(e)} ${small ? "" : "full"}`} aria-labelledby=${`ex-${e.id}`}
      tabindex="-1" data-nav=${small ? undefined : true} data-case=${e.id}>
    <${Icon} name=${toneOf(e)} /><div><${Words} e=${e} small=${small} />
      <div class="acts">${actions.map((/** @type {string} */ a, /** @type {number} */ i) => html`<button key=${a} type="button"
        class=${`btn ${i ? "" : "go"}`} disabled=${off} onClick=${() => decide(e, a)}>${verb(a)}
        ${small ? null : html`<kbd aria-hidden="true" class=${first ? "" : "dim"}>${i + 1}</kbd>`}</button>`)}</div></div></article>`;
}

/** The case that keys act on: the one in focus, else the first that is open. @param {any[]} rows */
function current(rows) {
  const id = document.activeElement?.closest("[data-case]")?.getAttribute("data-case");
  const open = rows.filter((e) => !e.gone && !e.resolved_ms && !holds.get().has(e.id));
  return open.find((e) => e.id === id) ?? open[0];
}

const CARDS_MAX = 50; // beyond it the cases are a list, and the one chosen is a card beside it

/** The words of a kind of case. @param {string} kind */
export const kindWords = (kind) => (hasWords(`kind.${kind}`) ? t(`kind.${kind}`) : kind.replace(/_/g, " "));

/** @param {{list: import("../paged.js").Paged, state: string, silent: boolean, id: string}} props id: the case that was asked for */
function Cards({ list, state, silent, id }) {
  const rows = [...list.rows.filter((e) => e.id === id), ...list.rows.filter((e) => e.id !== id)];
  const held = useSignal(holds);
  const first = rows.find((e) => !e.gone && !e.resolved_ms && !held.has(e.id));
  useDecisionKeys(rows);
  return html`<div class="card cases">${silent ? html`<${ButtonsOff} />` : null}
    ${!list.res.data && !list.rows.length ? html`<${Part} res=${list.res} rows=${6} draw=${() => null} />`
      : !list.rows.length ? html`<${Empty} icon="exceptions" title=${t(state === "open" ? "ex.none" : "ex.none_resolved")}
          text=${state === "open" ? html`<${Timed} id="ex.none_checked" at=${list.res.at} />` : null} />`
      : rows.map((e) => html`<${Case} key=${e.id} e=${e} first=${e === first} />`)}
    ${list.rows.length ? html`<div class="end"><${Paging} ...${list} shown=${list.rows.length}><${Waiting} list=${list} /><//></div>` : null}
  </div>`;
}

/** Keys 1 to 3 decide, Z takes back. @param {any[]} rows */
function useDecisionKeys(rows) {
  const press = (/** @type {number} */ n) => () => {
    const e = current(rows);
    if (e && e.actions[n] && line.get().mode === "live") decide(e, e.actions[n]);
  };
  useKeys({ 1: press(0), 2: press(1), 3: press(2), z: takeBackLast });
}

const columns = () => [{ label: t("ex.case") }, { label: t("ex.about") }, { label: t("outbox.since"), right: true }];

/** @param {any} e @param {Record<string, string>} now */
const cells = (e, now) => [
  html`<a class="clip" tabindex="-1" href=${href("exceptions", e.id, now)}>${e.what}</a><span class="s m clip">${kindWords(e.kind)}</span>`,
  html`<span class="clip"><bdi>${e.subject}</bdi></span>`, html`<${Age} at=${e.resolved_ms ?? e.raised_ms} />`];

/** Many cases: a list, and the chosen one beside it. @param {{id: string, now: Record<string, string>}} props */
function Many({ id, now }) {
  const list = useRows("/exceptions", { state: "open", ...now }, ["exceptions"], (e) => e.id);
  const mine = list.find(id) ?? list.row(0);
  useDecisionKeys(mine ? [mine] : []);
  return html`<div class=${`grid gs ${id ? "picked" : ""}`}><div class="list-side"><${ListOr} label=${t("nav.exceptions")} cols=${columns()} cls="c-ex" list=${list}
      cells=${(/** @type {any} */ e) => cells(e, now)} to=${(/** @type {any} */ e) => href("exceptions", e.id, now)}
      selected=${(/** @type {any} */ e) => e.id === mine?.id} empty=${() => html`<div class="card"><${Empty} icon="exceptions" title=${t("ex.none")} /></div>`} /></div>
    <div class="item-side"><div class="only-narrow"><p class="pad"><a href=${href("exceptions", "", now)}>${t("nav.exceptions")}</a></p></div>
      ${mine ? html`<div class="card cases"><${Case} key=${mine.id} e=${mine} first /></div>` : null}</div></div>`;
}

/** @param {{id: string, params: URLSearchParams}} props */
export function Page({ id, params }) {
  const now = chosen(params, ["state", "kind"]);
  const state = now.state === "resolved" ? "resolved" : "open";
  const summary = useResource("/summary", ["exceptions"]);
  const list = usePaged("/exceptions", { ...now, state }, ["exceptions"], (e) => e.id);
  const silent = useSignal(line).mode === "silent";
  const all = summary.data?.exceptions_open ?? null;
  const n = state === "open" && !now.kind ? all ?? list.total : list.total;
  const chip = (/** @type {string} */ s, /** @type {number | null} */ k) => ({ id: s, on: s === state,
    label: `${t(`ex.chip_${s}`)}${k === null ? "" : ` ${num(k)}`}`, pick: () => go(narrowed("exceptions", now, "state", s === "open" ? "" : s)) });
  const title = state === "resolved" ? t("ex.resolved_title") : list.res.data ? t("ex.title", { n }) : t("nav.exceptions");
  const kinds = [...new Set(list.rows.map((e) => e.kind))].sort().map((k) => [k, kindWords(k)]);
  return html`<${Head} title=${title} sub=${state === "open" && list.rows.length ? t("ex.sub") : undefined}>
      <${Chips} label=${t("orders.show")} chips=${[chip("open", all), chip("resolved", null)]} />
      <${Filters} page="exceptions" now=${now} choices=${[{ name: "kind", label: t("ex.kind"), all: t("ex.all_kinds"), options: kinds.map(([k, w]) => [k, w]) }]} /><//>
    ${list.total > CARDS_MAX ? html`<${Many} id=${id} now=${now} />` : html`<${Cards} list=${list} state=${state} silent=${silent} id=${id} />`}`;
}
