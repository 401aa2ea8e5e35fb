// Stock over time: what lay on the shelves of all sites after each of the newest movements, or at
// instants of a longer span, since the API hands out no older movements.
import { html, useEffect, useMemo, useRef, useState } from "/shared/ui.js";
import { ApiError, get } from "../api.js";
import { serverNow } from "../live.js";
import { Card, Clock, Failure } from "../parts.js";
import { habits } from "../session.js";
import { useSignal } from "../signal.js";
import { Table } from "../table.js";
import { language, num, t } from "../words.js";

const HEIGHT = 180;
const TABLE_ROWS = 24;
const SPANS_DAYS = [7, 30, 90, 365];
const INSTANTS = 40; // of a span: each is one question to the server
const LANES = 2;
const DAY_MS = 86400000;

/** @param {string} place */
const onShelf = (place) => /\/shelf$/.test(place);

/**
 * The shelf figure after each movement, oldest first, worked back from what lies there now: the
 * newest movements are known, the first ones may not be.
 * @param {any} item
 * @returns {{at: number, n: number}[]}
 */
export function shelfHistory(item) {
  let n = item.sites.reduce((/** @type {number} */ sum, /** @type {any} */ s) => sum + s.on_hand, 0);
  const out = [];
  for (const m of item.moves) {
    out.push({ at: m.at_ms, n });
    n -= (onShelf(m.to) ? m.quantity : 0) - (onShelf(m.from) ? m.quantity : 0);
  }
  return out.reverse().sort((a, b) => a.at - b.at);
}

/** What lay on all shelves at an instant. @param {string} sku @param {number} at */
async function shelvesAt(sku, at) {
  const { places } = await get(`/stock/${encodeURIComponent(sku)}?at=${at}`);
  return { at, n: places.filter((/** @type {any} */ p) => onShelf(p.place)).reduce((/** @type {number} */ n, /** @type {any} */ p) => n + p.quantity, 0) };
}

/**
 * @param {string} sku
 * @param {number} days 0: nothing is asked
 * @returns {{days: number, points: {at: number, n: number}[] | null, error: ApiError | null}}
 */
function useSpan(sku, days) {
  const [state, set] = useState({ days: 0, points: /** @type {{at: number, n: number}[] | null} */ (null), error: /** @type {ApiError | null} */ (null) });
  useEffect(() => {
    if (!days) return;
    let gone = false;
    set({ days, points: null, error: null });
    const now = Math.floor(serverNow());
    const waiting = Array.from({ length: INSTANTS }, (_, i) => now - Math.round((days * DAY_MS * i) / (INSTANTS - 1)));
    const points = /** @type {{at: number, n: number}[]} */ ([]);
    const lane = async () => {
      for (let at = waiting.pop(); at !== undefined && !gone; at = waiting.pop()) points.push(await shelvesAt(sku, at));
    };
    Promise.all(Array.from({ length: LANES }, lane)).then(() => gone || set({ days, points: points.sort((a, b) => a.at - b.at), error: null }), (e) => {
      waiting.length = 0;
      if (!gone) set({ days, points: null, error: e instanceof ApiError ? e : new ApiError("broken", String(e), "") });
    });
    return () => { gone = true; };
  }, [sku, days]);
  return state;
}

/** @param {string} name */
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** @param {any} uPlot @param {number[][]} data @param {number} width */
function options(uPlot, data, width) {
  const lang = language.get().lang;
  const font = `12px ${colour("--font")}`;
  const day = data[0][data[0].length - 1] - data[0][0] < 86400 * 2;
  const axis = { stroke: colour("--muted"), font, ticks: { show: false } };
  return {
    width, height: HEIGHT, legend: { show: false }, cursor: { show: false }, select: { show: false }, padding: [10, 12, 0, 0],
    scales: { x: { time: true }, y: { range: (/** @type {any} */ _, /** @type {number} */ low, /** @type {number} */ high) => [Math.min(0, low), Math.max(1, high) * 1.1] } },
    axes: [{ ...axis, grid: { show: false }, size: 26, space: 90, values: (/** @type {any} */ _, /** @type {number[]} */ at) => at.map((s) => new Intl.DateTimeFormat(lang,
      day ? { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } : { day: "numeric", month: "short" }).format(s * 1000)) },
    { ...axis, grid: { stroke: colour("--line"), width: 1 }, size: 58, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 50000, 100000],
      values: (/** @type {any} */ _, /** @type {number[]} */ v) => v.map(num) }],
    series: [{}, { stroke: colour("--accent"), width: 2, paths: uPlot.paths.stepped({ align: 1 }), points: { show: data[0].length < 30, size: 5, fill: colour("--accent") } }],
  };
}

/** @param {{points: {at: number, n: number}[]}} props */
function Plot({ points }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const { theme } = useSignal(habits);
  useEffect(() => {
    let plot = /** @type {any} */ (null);
    let gone = false;
    const draw = async () => {
      const uPlot = /** @type {any} */ ((await import("/vendor/uplot.js")).default);
      const el = box.current;
      if (gone || !el) return;
      if (plot) plot.destroy();
      const last = points[points.length - 1];
      const data = [[...points.map((p) => p.at / 1000), serverNow() / 1000], [...points.map((p) => p.n), last.n]];
      plot = new uPlot(options(uPlot, data, el.clientWidth), data, el);
    };
    // The plot's code is fetched when the reader comes near it.
    const seen = new IntersectionObserver((entries) => { if (entries.some((e) => e.isIntersecting)) { seen.disconnect(); void draw(); } }, { rootMargin: "100px" });
    const resized = new ResizeObserver(() => { if (plot && box.current && Math.abs(plot.width - box.current.clientWidth) > 1) void draw(); });
    if (box.current) { seen.observe(box.current); resized.observe(box.current); }
    return () => { gone = true; seen.disconnect(); resized.disconnect(); if (plot) plot.destroy(); };
  }, [points, theme]);
  const low = Math.min(...points.map((p) => p.n));
  const high = Math.max(...points.map((p) => p.n));
  return html`<div class="plotbox low" ref=${box} role="img" aria-label=${t("history.said", { n: points[points.length - 1].n, low, high })}></div>`;
}

/** @param {{item: any}} props */
export function History({ item }) {
  const [table, setTable] = useState(false);
  const [days, setDays] = useState(0);
  const newest = useMemo(() => shelfHistory(item), [item]);
  const span = useSpan(item.sku, days);
  if (newest.length < 2) return null;
  const old = days && span.days === days ? span.points : null;
  const points = days ? old : newest;
  const choice = html`<div class="pad tight"><select class="field" aria-label=${t("history.span")} onChange=${(/** @type {any} */ e) => setDays(Number(e.target.value))}>
      <option value="0">${t("history.newest", { n: newest.length })}</option>${SPANS_DAYS.map((n) => html`<option key=${n} value=${n} selected=${n === days}>${t("history.days", { n })}</option>`)}</select>
    ${old ? html`<p class="s m">${t("history.sampled", { n: old.length })}</p>` : null}</div>`;
  const button = html`<button type="button" class="link s" aria-pressed=${String(table)} onClick=${() => setTable(!table)}>${t(table ? "plot.as_plot" : "plot.as_table")}</button>`;
  if (!points)
    return html`<${Card} title=${t("history.title")} cls="plot">${choice}${span.error ? html`<${Failure} error=${span.error} at=${0} />` : html`<div class="plotbox low" aria-busy="true"></div>`}<//>`;
  if (table)
    return html`<${Table} label=${t("history.title")} cols=${[{ label: t("decision.when") }, { label: t("stock.on_hand"), right: true }]} cls="c-hist" total=${points.length} first=${1}
      before=${html`<header><h2>${t("history.title")}</h2><span class="age">${button}</span></header>${choice}`}
      rows=${[...points].reverse().slice(0, old ? INSTANTS : TABLE_ROWS).map((p, i) => ({ key: String(i), cells: [html`<${Clock} at=${p.at} />`, num(p.n)] }))} />`;
  return html`<${Card} title=${t("history.title")} aside=${button} cls="plot">${choice}<${Plot} points=${points} /><//>`;
}
