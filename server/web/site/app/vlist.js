// A list of any length without a stutter: rows of one height, of which only those on the screen (and
// a few beside) are in the document. A grid with one tab stop; arrows, Page, Home, End, Enter.
import { html, useEffect, useLayoutEffect, useRef, useState } from "/shared/ui.js";
import { useKeys } from "./keys.js";
import { Failure, Timed, useSlow } from "./parts.js";
import { go } from "./router.js";
import { t } from "./words.js";

const BESIDE = 8;
const ROWS_SHOWN_MAX = 50; // of a very tall screen
const HEIGHT_PX_MAX = 8e6; // browsers draw no taller box well; beyond it a pixel of the bar is several
const WIDTHS = ["w70", "w50", "w80", "w60"];

/**
 * Where the list stands in a box that cannot be as tall as it: near moves go pixel by pixel, far ones
 * by share of the whole.
 * @param {{top: number, lead: number}} was lead: pixels of the list above the box's own zero
 * @param {number} top the box's scrollTop
 * @param {{all: number, tall: number, seen: number}} size all: of the list, tall: of the box, seen: of the view
 * @returns {{top: number, lead: number}}
 */
export function moved(was, top, { all, tall, seen }) {
  if (all <= tall) return { top, lead: 0 };
  if (top <= 0) return { top, lead: 0 };
  if (top >= tall - seen - 1) return { top, lead: all - tall };
  if (Math.abs(top - was.top) < seen) return { top, lead: was.lead };
  return { top, lead: Math.round((top / (tall - seen)) * (all - seen)) - top };
}

/** @param {{cols: import("./table.js").Column[]}} props */
const HeadRow = ({ cols }) => html`<div role="row" class="hd" aria-rowindex="1">${cols.map((c) =>
  html`<div key=${c.label} role="columnheader" class=${c.right ? "r" : ""}>${c.label}</div>`)}</div>`;

/** @param {import("./table.js").Column[]} cols @param {any} row @param {number} i @param {any} p */
const cellsOf = (cols, row, i, p) => (row ? p.cells(row) : cols.map((_, k) => html`<i class=${WIDTHS[(i * 3 + k) % 4]}></i>`))
  .map((/** @type {any} */ c, /** @type {number} */ k) => html`<div key=${k} role="gridcell" class=${cols[k].right ? "r" : ""}
    data-l=${p.labels && k ? cols[k].label : undefined}>${c}</div>`);

/** @param {any} p @param {any} row @param {number} i @param {number} top @param {boolean} active */
function drawRow(p, row, i, top, active) {
  const cls = `${row ? "" : "skel"}${row?.gone ? " dim" : ""}${row && p.selected?.(row) ? " sel" : ""}`;
  return html`<div key=${i} role="row" class=${cls} data-i=${i} data-nav=${active ? "" : undefined} aria-rowindex=${String(i + 2)} tabindex=${active ? 0 : -1}
    aria-selected=${p.selected && row ? String(!!p.selected(row)) : undefined} style=${{ top: `${top}px` }}>${cellsOf(p.cols, row, i, p)}</div>`;
}

/** Which rows are drawn, and where. @param {any} at @param {number} h @param {number} seen @param {number} total */
function windowOf(at, h, seen, total) {
  const first = Math.min(Math.max(0, total - 1), Math.max(0, Math.floor((at.top + at.lead) / h)));
  const last = Math.min(total - 1, Math.max(first, Math.ceil((at.top + at.lead + seen) / h) - 1), first + ROWS_SHOWN_MAX);
  return { first, last };
}

/** The head of the columns covers the top of the view. @param {HTMLElement | null} box */
const headPx = (box) => /** @type {HTMLElement | null | undefined} */ (box?.lastElementChild)?.offsetTop ?? 0;

/**
 * What the list is in pixels: measured, kept while it scrolls, and how to move in it.
 * @param {import("./rows.js").Rows} list
 */
function useScroll(list) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const [h, setH] = useState(list.rowPx);
  const [seen, setSeen] = useState(600);
  const [at, setAt] = useState({ top: list.scroll, lead: list.lead });
  const all = Math.max(0, list.total) * h;
  const size = { all, tall: Math.min(all, HEIGHT_PX_MAX), seen };
  useLayoutEffect(() => {
    const el = box.current;
    if (!el) return;
    const measure = () => {
      const row = /** @type {HTMLElement | null} */ (el.querySelector("[data-i]"));
      if (row?.offsetHeight) setH(list.rowPx = row.offsetHeight);
      if (el.clientHeight) setSeen(el.clientHeight - headPx(el));
    };
    measure();
    el.scrollTop = list.scroll;
    const resized = new ResizeObserver(measure);
    resized.observe(el);
    return () => resized.disconnect();
  }, [list]);
  /** @param {{top: number, lead: number}} to */
  const keep = (to) => {
    list.scroll = to.top;
    list.lead = to.lead;
    setAt(to);
  };
  /** @param {number} px of the list */
  const scrollTo = (px) => {
    const p = Math.max(0, Math.min(px, size.all - seen));
    const far = p - at.lead <= 0 || p - at.lead >= size.tall - seen;
    const top = !far ? p - at.lead : size.all > size.tall ? Math.round((p / (size.all - seen)) * (size.tall - seen)) : p;
    keep({ top, lead: p - top });
    if (box.current) box.current.scrollTop = top;
  };
  const scrolled = () => {
    const top = box.current?.scrollTop ?? 0;
    if (Math.abs(top - at.top) >= 1) keep(moved(at, top, size));
  };
  return { box, h, at, seen, tall: size.tall, scrollTo, scrolled };
}

/** @param {string} key @param {number} active @param {number} step @param {number} total @returns {number | null} */
function target(key, active, step, total) {
  const to = { ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + step, PageUp: active - step, Home: 0, End: total - 1 }[key];
  return to === undefined ? null : Math.max(0, Math.min(total - 1, to));
}

/**
 * @param {{label: string, cols: import("./table.js").Column[], cls: string, list: import("./rows.js").Rows,
 *   cells: (row: any) => any[], to: (row: any) => string, selected?: (row: any) => boolean, before?: any,
 *   labels?: boolean}} props
 *   to: address that Enter on the row opens
 */
export function VList(props) {
  const { label, cols, cls, list, to } = props;
  const s = useScroll(list);
  const [active, setActive] = useState(list.active);
  const wanted = useRef(-1);
  const drawn = useRef(/** @type {Map<number, any>} */ (new Map()));
  const total = Math.max(0, list.total);
  const { first, last } = windowOf(s.at, s.h, s.seen, total);
  const from = Math.max(0, first - BESIDE);
  const until = Math.min(total - 1, last + BESIDE);
  useEffect(() => list.look(from, until), [list, list.life, from, until, total]);
  useEffect(() => { list.active = active; }, [active]);
  const take = () => {
    const row = /** @type {HTMLElement | null | undefined} */ (s.box.current?.querySelector(`[data-i="${wanted.current}"]`));
    if (!row) return;
    row.focus({ preventScroll: true });
    wanted.current = -1;
  };
  useLayoutEffect(take); // a row that is drawn only now
  /** @param {number} i */
  const focus = (i) => {
    wanted.current = i;
    setActive(i);
    const px = i * s.h;
    const view = s.at.top + s.at.lead;
    if (px < view) s.scrollTo(px);
    else if (px + s.h > view + s.seen) s.scrollTo(px + s.h - s.seen);
    take();
  };
  const open = (/** @type {number} */ i) => { const row = list.row(i); if (row) go(to(row)); };
  /** @param {KeyboardEvent} e */
  const key = (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    const i = target(e.key, active, Math.max(1, last - first - 1), total);
    if (i === null && e.key !== "Enter") return;
    if (e.key === "Enter" && /** @type {HTMLElement} */ (e.target).tagName !== "DIV") return;
    e.preventDefault();
    if (i === null) open(active); else focus(i);
  };
  /** @param {Event} e the row that was clicked or tabbed into is the one the keys go on from */
  const focused = (e) => {
    const i = /** @type {HTMLElement} */ (e.target).closest("[data-i]")?.getAttribute("data-i");
    if (i && Number(i) !== active) setActive(Number(i));
  };
  const inside = () => s.box.current?.contains(document.activeElement);
  useKeys({ j: () => focus(inside() ? Math.min(total - 1, active + 1) : active), k: () => focus(inside() ? Math.max(0, active - 1) : active) });
  const shown = [];
  for (let i = from; i <= until; i++) shown.push(i);
  if (active < from && active < total) shown.unshift(active); // the focused row stays, wherever the view went
  if (active > until && active < total) shown.push(active);
  drawn.current = new Map(shown.map((i) => {
    const row = list.row(i);
    const top = i * s.h - s.at.lead;
    const was = drawn.current.get(i);
    const mark = row ? !!props.selected?.(row) : false;
    if (was && was.row === row && was.top === top && was.active === (i === active) && was.mark === mark && was.cells === props.cols.length) return [i, was];
    return [i, { row, top, active: i === active, mark, cells: props.cols.length, node: drawRow(props, row, i, top, i === active) }];
  }));
  return html`<div class=${`card tbl vlist ${cls}`}>${props.before}
    <div role="grid" class="vbox" ref=${s.box} aria-label=${label} aria-rowcount=${String(total + 1)} onScroll=${s.scrolled}
      onKeyDown=${key} onFocusIn=${focused}><${HeadRow} cols=${cols} />
      <div role="rowgroup" class="vspace" style=${{ height: `${s.tall}px` }}>${shown.map((i) => drawn.current.get(i).node)}</div></div>
    <div class="end paging"><span>${t("table.rows", { first: total ? first + 1 : 0, last: last + 1, total })}${" "}
      <${Timed} id="table.as_of" at=${list.at} /></span>
      ${list.waiting ? html`<button type="button" class="link" onClick=${() => list.show()}>${t("table.new", { n: list.waiting })}</button>` : null}
      ${list.error && list.error.kind !== "network" ? html`<${Failure} error=${list.error} at=${list.at} again=${() => void list.refresh()} />` : null}
    </div></div>`;
}

/**
 * The list, or what stands in its place: skeletons, a failure, or `empty`.
 * @param {{empty: () => any} & Parameters<typeof VList>[0]} props
 */
export function ListOr({ empty, ...props }) {
  const { list, cols, cls, label } = props;
  const slow = useSlow(list.total >= 0 ? 0 : list.since);
  if (list.total > 0) return html`<${VList} key=${list.life} ...${props} />`;
  if (list.error) return html`<div class="card"><${Failure} error=${list.error} at=${0} again=${() => void list.restart()} /></div>`;
  if (list.total === 0) return empty();
  if (slow === 0) return null;
  return html`<div class=${`card tbl ${cls}`} aria-busy="true"><div role="table" aria-label=${label}><${HeadRow} cols=${cols} />
      ${Array.from({ length: 11 }, (_, i) => html`<div key=${i} role="row" class="skel">${cols.map((c, k) =>
        html`<div key=${k} role="cell" class=${c.right ? "r" : ""}><i class=${WIDTHS[(i * 3 + k) % 4]}></i></div>`)}</div>`)}</div>
    ${slow === 2 ? html`<div class="end"><span role="status">${t("loading.slow")}</span></div>` : null}</div>`;
}
