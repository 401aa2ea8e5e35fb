// Stock over time: what lay on the shelves, of all sites or of one, at instants of a span.
import { html, useEffect, useMemo, useRef, useState } from "/shared/ui.js";
import { query } from "../api.js";
import { serverNow } from "../live.js";
import { Card, Clock, Failure } from "../parts.js";
import { useResource } from "../resource.js";
import { habits } from "../session.js";
import { useSignal } from "../signal.js";
import { Table } from "../table.js";
import { language, num, t, title } from "../words.js";

const HEIGHT = 180;
const TABLE_ROWS = 40;
const SPANS_DAYS = [1, 7, 30, 90, 365];
const INSTANTS = 120;
const EVERY_MS = 30000; // a movement asks at once
const DAY_MS = 86400000;

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
  const [days, setDays] = useState(30);
  const [site, setSite] = useState("");
  const since = useMemo(() => Math.floor(serverNow() - days * DAY_MS), [item.sku, days]);
  const newest = item.moves[0]?.position ?? 0;
  const res = useResource(newest ? `/stock/${encodeURIComponent(item.sku)}/history${query({ since, points: INSTANTS, site })}` : null, [], EVERY_MS);
  useEffect(() => { if (res.data) res.again(); }, [newest]);
  const points = /** @type {{at: number, n: number}[] | null} */ (useMemo(() => res.data?.points.map((/** @type {any} */ p) => ({ at: p.at_ms, n: p.quantity })) ?? null, [res.data]));
  if (!newest) return null;
  const choice = html`<div class="pad tight filters"><select class="field" aria-label=${t("history.span")} onChange=${(/** @type {any} */ e) => setDays(Number(e.target.value))}>
      ${SPANS_DAYS.map((n) => html`<option key=${n} value=${n} selected=${n === days}>${t("history.days", { n })}</option>`)}</select>
    ${item.sites.length > 1 ? html`<select class="field" aria-label=${t("history.where")} onChange=${(/** @type {any} */ e) => setSite(e.target.value)}><option value="">${t("station.all_sites")}</option>
      ${item.sites.map((/** @type {any} */ s) => html`<option key=${s.site} value=${s.site} selected=${s.site === site}>${title(s.site)}</option>`)}</select>` : null}
    ${points ? html`<p class="s m">${t("history.sampled", { n: points.length })}${res.data.cut ? ` ${t("history.cut")}` : ""}</p>` : null}</div>`;
  const button = html`<button type="button" class="link s" aria-pressed=${String(table)} onClick=${() => setTable(!table)}>${t(table ? "plot.as_plot" : "plot.as_table")}</button>`;
  if (!points)
    return html`<${Card} title=${t("history.title")} cls="plot">${choice}${res.error ? html`<${Failure} error=${res.error} at=${0} again=${res.again} />` : html`<div class="plotbox low" aria-busy="true"></div>`}<//>`;
  if (table)
    return html`<${Table} label=${t("history.title")} cols=${[{ label: t("decision.when") }, { label: t("stock.on_hand"), right: true }]} cls="c-hist" total=${points.length} first=${1}
      before=${html`<header><h2>${t("history.title")}</h2><span class="age">${button}</span></header>${choice}`}
      rows=${[...points].reverse().slice(0, TABLE_ROWS).map((p, i) => ({ key: String(i), cells: [html`<${Clock} at=${p.at} />`, num(p.n)] }))} />`;
  return html`<${Card} title=${t("history.title")} aside=${button} cls="plot">${choice}<${Plot} points=${points} /><//>`;
}
