// The lag plot: log scale, median and 95 in 100, target dashed, gaps not joined, labels at the line
// ends, never overlapping. uPlot is loaded when the first plot is shown.
import { html, useEffect, useRef } from "/shared/ui.js";
import { delay } from "/shared/age.js";
import { habits } from "./session.js";
import { useSignal } from "./signal.js";
import { language, t } from "./words.js";

export const TARGET_MS = 5000;
const HEIGHT = 220;
const LABEL_PX = 140;
const LABEL_GAP_PX = 16;
const SHORT_S = 600; // a plot of less time names the seconds
const SPLITS_MS = [10, 100, 1000, 10000, 60000, 600000, 3600000];

/** @type {Promise<any> | null} */
let loading = null;
const loadPlot = () => (loading ??= import("/vendor/uplot.js").then((m) => m.default));

/** A round delay without its decimal: "5 s". @param {number} ms @param {string} lang */
const round = (ms, lang) => delay(ms, lang).replace(/[.,]0(?= s)/, "");

/** @param {string} name */
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/**
 * Columns of the plot. Where more than one step has no confirmation, a gap is put in, so that the
 * line breaks instead of inventing figures.
 * @param {import("./latency.js").Point[]} points
 * @param {number} step
 * @param {number} from
 * @param {number} now
 */
export function columnsOf(points, step, from, now) {
  /** @type {[number[], (number | null)[], (number | null)[], number[]]} */
  const c = [[], [], [], []];
  const add = (/** @type {number} */ at, /** @type {number | null} */ a, /** @type {number | null} */ b) => {
    c[0].push(at / 1000); c[1].push(a); c[2].push(b); c[3].push(TARGET_MS);
  };
  if (!points.length || points[0].at > from) add(from, null, null);
  points.forEach((p, i) => {
    if (i && p.at - points[i - 1].at > 1.5 * step) add((p.at + points[i - 1].at) / 2, null, null);
    add(p.at, Math.max(1, p.half), Math.max(1, p.most));
  });
  if (!points.length || points[points.length - 1].at < now) add(now, null, null);
  return c;
}

/**
 * Draws each line's name at its right end, pushed apart where they would overlap.
 * @param {any} u the plot
 * @param {{at: number, text: string, colour: string}[]} labels at: ms
 */
function drawLabels(u, labels) {
  const ratio = devicePixelRatio || 1;
  const rows = labels.map((l) => ({ ...l, y: u.valToPos(l.at, "y", true) })).sort((a, b) => a.y - b.y);
  rows.forEach((r, i) => { if (i) r.y = Math.max(r.y, rows[i - 1].y + LABEL_GAP_PX * ratio); });
  const bottom = u.bbox.top + u.bbox.height;
  for (let i = rows.length - 1, y = bottom; i >= 0; i--, y -= LABEL_GAP_PX * ratio) rows[i].y = Math.min(rows[i].y, y);
  u.ctx.save();
  u.ctx.font = `700 ${12 * ratio}px ${colour("--font")}`;
  u.ctx.textAlign = "left";
  u.ctx.textBaseline = "middle";
  for (const r of rows) {
    u.ctx.fillStyle = r.colour;
    u.ctx.fillText(r.text, u.bbox.left + u.bbox.width + 6 * ratio, r.y);
  }
  u.ctx.restore();
}

/** @param {any} made @param {number} width */
function options(made, width) {
  const lang = language.get().lang;
  const sizes = made.data[1].filter((/** @type {any} */ v) => v !== null).length;
  const font = `12px ${colour("--font")}`;
  const values = [...made.data[1], ...made.data[2]].filter((/** @type {any} */ v) => v !== null);
  const low = Math.min(100, ...values);
  const range = [SPLITS_MS.filter((s) => s <= low).pop() ?? 1, Math.max(60000, ...values) * 1.3];
  const times = made.data[0];
  const short = times[times.length - 1] - times[0] < SHORT_S;
  const dots = { show: sizes < 24, size: 5, fill: undefined };
  return {
    width, height: HEIGHT, legend: { show: false }, cursor: { show: false }, select: { show: false },
    padding: [10, LABEL_PX, 0, 0],
    scales: { x: { time: true }, y: { distr: 3, range } },
    axes: [
      { stroke: colour("--muted"), font, grid: { show: false }, ticks: { show: false }, size: 26, space: 80,
        values: (/** @type {any} */ _, /** @type {number[]} */ at) => at.map((s) => new Intl.DateTimeFormat(lang,
          { hour: "2-digit", minute: "2-digit", ...(short ? { second: "2-digit" } : {}), hourCycle: "h23" }).format(s * 1000)) },
      { stroke: colour("--muted"), font, grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false }, size: 58,
        splits: () => SPLITS_MS.filter((s) => s >= range[0] && s <= range[1]), filter: (/** @type {any} */ _, /** @type {any} */ s) => s,
        values: (/** @type {any} */ _, /** @type {number[]} */ s) => s.map((v) => round(v, lang)) },
    ],
    series: [{},
      { stroke: colour("--accent"), width: 2.2, spanGaps: false, points: { ...dots, fill: colour("--accent") } },
      { stroke: colour("--ink"), width: 1.5, spanGaps: false, points: { ...dots, fill: colour("--ink") } },
      { stroke: colour("--stop-mark"), width: 1.5, dash: [6, 5], points: { show: false } }],
    hooks: { draw: [(/** @type {any} */ u) => drawLabels(u, made.labels)] },
  };
}

/**
 * @param {{name: string, points: import("./latency.js").Point[], step: number, from: number, now: number,
 *   half: number, most: number}} props
 */
export function LagPlot({ name, points, step, from, now, half, most }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const { theme } = useSignal(habits);
  const lang = language.get().lang;
  const words = { half: delay(half, lang), most: delay(most, lang), target: round(TARGET_MS, lang), name };
  useEffect(() => {
    let plot = /** @type {any} */ (null);
    let gone = false;
    const draw = async () => {
      const uPlot = await loadPlot();
      const el = box.current;
      if (gone || !el) return;
      if (plot) plot.destroy();
      const made = { data: columnsOf(points, step, from, now), labels: [
        { at: TARGET_MS, text: t("plot.target", words), colour: colour("--stop-mark") },
        { at: Math.max(1, most), text: t("plot.most", words), colour: colour("--ink") },
        { at: Math.max(1, half), text: t("plot.half", words), colour: colour("--accent") }] };
      plot = new uPlot(options(made, el.clientWidth), made.data, el);
    };
    void draw();
    const resized = new ResizeObserver(() => { if (plot && box.current && Math.abs(plot.width - box.current.clientWidth) > 1) void draw(); });
    if (box.current) resized.observe(box.current);
    return () => { gone = true; resized.disconnect(); if (plot) plot.destroy(); };
  }, [points, theme, lang]);
  return html`<div class="plotbox" ref=${box} role="img" aria-label=${t("plot.said", words)}></div>`;
}
