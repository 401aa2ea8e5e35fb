// A long list of which only what is looked at is fetched: pages by key around the view, as many as a
// screen needs. A row keeps its number while the reader is here: rows that are new wait to be shown,
// known ones change where they stand, one that left the list stays and is marked `gone`.
import { useEffect, useMemo, useState } from "/shared/ui.js";
import { ApiError, get, query } from "./api.js";
import { heardClock, serverNow } from "./live.js";
import { runOnChange } from "./resource.js";

/**
 * @typedef {{rows: any[], after: string, skip: number, next: string}} Leaf one page: `skip` rows
 *   behind the key `after`
 * @typedef {(at: {after: string, skip: number, limit: number, page: number, fresh: boolean}) => Promise<any>} Fetcher
 *   fresh: the list begins anew
 */

export const PAGE_ROWS = 100;
const HEAD_ROWS = 2 * PAGE_ROWS; // what is asked of the first page again, so that new rows are seen
const ROW_PX = 50; // until the first row was measured
const LEAVES_MAX = 40;
const LISTS_MAX = 12;

/**
 * The rows of a page when `items` is a newer answer: each in its old place with its new values. Only
 * a row that should stand between two others of the answer is surely gone.
 * @param {any[]} shown
 * @param {any[]} items
 * @param {(row: any) => string} keyOf
 * @param {{whole: boolean, exact: boolean}} answer whole: nothing follows it; exact: nothing is
 *   missing before it
 */
export function settle(shown, items, keyOf, { whole, exact }) {
  const fresh = new Map(items.map((r) => [keyOf(r), r]));
  const found = shown.map((r) => fresh.has(keyOf(r)));
  const first = exact ? 0 : found.indexOf(true);
  const last = whole ? shown.length : found.lastIndexOf(true);
  return shown.map((r, i) => fresh.get(keyOf(r)) ?? (i >= first && i < last && first >= 0 ? { ...r, gone: true } : r));
}

export class Rows {
  /** @param {Fetcher} fetcher @param {(row: any) => string} keyOf */
  constructor(fetcher, keyOf) {
    this.fetcher = fetcher;
    this.keyOf = keyOf;
    this.watch = () => {};
    this.scroll = 0; // where the reader was, for coming back
    this.lead = 0;
    this.active = 0;
    this.rowPx = ROW_PX;
    this.life = 0;
    this.leaves = /** @type {Map<number, Leaf>} */ (new Map());
    this.busy = /** @type {Set<number>} */ (new Set());
    this.total = -1;
    this.waiting = 0;
    this.at = 0;
    this.since = Date.now();
    this.error = /** @type {ApiError | null} */ (null);
    this.view = { from: 0, to: 0 };
  }

  /** Nothing is known any more; answers to an earlier life are not taken. */
  clear() {
    this.leaves.clear();
    this.busy.clear();
    this.total = -1;
    this.waiting = 0;
    this.since = Date.now();
    this.error = null;
    this.life += 1;
  }

  /** @param {number} i @returns {any} null: not fetched yet */
  row(i) {
    return this.leaves.get(Math.floor(i / PAGE_ROWS))?.rows[i % PAGE_ROWS] ?? null;
  }

  /** A row that was fetched, by its key. @param {string} key @returns {any} */
  find(key) {
    for (const leaf of this.leaves.values()) for (const r of leaf.rows) if (this.keyOf(r) === key) return r;
    return null;
  }

  /** The rows `from` to `to` are on the screen. @param {number} from @param {number} to */
  look(from, to) {
    this.view = { from, to };
    if (this.total < 0) return;
    for (let page = Math.floor(from / PAGE_ROWS); page <= Math.floor(to / PAGE_ROWS); page++)
      if (!this.leaves.has(page) && page * PAGE_ROWS < this.total) void this.fetch(page);
  }

  /** Where a page begins, from the nearest one before it whose end is known. @param {number} page */
  start(page) {
    for (let p = page - 1; p >= 0; p--) {
      const next = this.leaves.get(p)?.next;
      if (next) return { after: next, skip: (page - p - 1) * PAGE_ROWS };
    }
    return { after: "", skip: page * PAGE_ROWS };
  }

  /** @param {number} page */
  async fetch(page) {
    if (this.busy.has(page)) return;
    this.busy.add(page);
    const life = this.life;
    const start = this.start(page);
    try {
      const answer = await this.fetcher({ ...start, limit: PAGE_ROWS, page, fresh: this.total < 0 });
      if (life !== this.life) return;
      this.take(page, start, answer);
    } catch (e) {
      if (life !== this.life) return;
      this.error = e instanceof ApiError ? e : new ApiError("broken", String(e), "");
      this.since = 0;
    }
    this.busy.delete(page);
    this.watch();
    if (!this.error) this.look(this.view.from, this.view.to); // the reader may have moved on
  }

  /** @param {number} page @param {{after: string, skip: number}} start @param {any} answer */
  take(page, start, answer) {
    this.heard(answer);
    if (this.total < 0) this.total = answer.total ?? answer.items.length;
    this.leaves.set(page, { rows: answer.items, ...start, next: answer.next ?? "" });
    if (!answer.next) this.total = Math.min(this.total, page * PAGE_ROWS + answer.items.length);
    const behind = this.leaves.get(page + 1);
    // What was fetched by counting begins elsewhere when rows before it went meanwhile.
    if (behind && answer.next && (behind.after !== answer.next || behind.skip)) {
      this.leaves.delete(page + 1);
      this.look(this.view.from, this.view.to);
    }
    this.forget();
  }

  /** @param {any} answer */
  heard(answer) {
    if (answer.now_ms) heardClock(answer.now_ms);
    this.error = null;
    this.since = 0;
    this.at = serverNow();
  }

  /** Pages far from the view are let go; their keys stay with the pages that follow. */
  forget() {
    if (this.leaves.size <= LEAVES_MAX) return;
    const here = this.view.from / PAGE_ROWS;
    const far = [...this.leaves.keys()].filter((p) => p > 0).sort((a, b) => Math.abs(b - here) - Math.abs(a - here));
    for (const p of far.slice(0, this.leaves.size - LEAVES_MAX)) this.leaves.delete(p);
  }

  /** Brings the first page and those on the screen up to date. */
  async refresh() {
    if (this.total <= 0) return this.restart();
    const pages = new Set([0, Math.floor(this.view.from / PAGE_ROWS), Math.floor(this.view.to / PAGE_ROWS)]);
    const life = this.life;
    try {
      for (const page of pages) {
        const leaf = this.leaves.get(page);
        if (!leaf) continue;
        const limit = page ? PAGE_ROWS : HEAD_ROWS;
        const answer = await this.fetcher({ after: leaf.after, skip: leaf.skip, limit, page, fresh: false });
        if (life !== this.life) return;
        this.heard(answer);
        this.renew(page, leaf, answer);
      }
    } catch (e) {
      if (life === this.life) this.error = e instanceof ApiError ? e : new ApiError("broken", String(e), "");
    }
    this.watch();
  }

  /** @param {number} page @param {Leaf} leaf @param {any} answer */
  renew(page, leaf, answer) {
    const rows = settle(leaf.rows, answer.items, this.keyOf, { whole: !answer.next, exact: leaf.skip === 0 });
    const known = new Set(rows.map(this.keyOf));
    const last = answer.items.reduce((/** @type {number} */ n, /** @type {any} */ r, /** @type {number} */ i) =>
      (known.has(this.keyOf(r)) ? i : n), -1);
    const isNew = (/** @type {any} */ r) => !known.has(this.keyOf(r));
    if (page === 0) this.waiting = answer.items.slice(0, last < 0 ? undefined : last).filter(isNew).length;
    if (last >= 0 && rows.length < PAGE_ROWS && !answer.next) {
      rows.push(...answer.items.slice(last + 1).filter(isNew).slice(0, PAGE_ROWS - rows.length));
      this.total = Math.max(this.total, page * PAGE_ROWS + rows.length);
    }
    this.leaves.set(page, { ...leaf, rows });
  }

  async restart() {
    this.clear();
    await this.fetch(0);
  }

  /** What waited is shown, from the top. */
  show() {
    this.scroll = this.lead = this.active = 0;
    this.view = { from: 0, to: 0 };
    void this.restart();
  }
}

/** @type {Map<string, Rows>} lists of earlier visits: the way back leads to the same place */
const kept = new Map();

export function forgetRows() {
  kept.clear();
}

/** @param {string} asked @param {() => Rows} make */
function listOf(asked, make) {
  const list = kept.get(asked) ?? make();
  kept.delete(asked);
  kept.set(asked, list);
  if (kept.size > LISTS_MAX) kept.delete(/** @type {string} */ (kept.keys().next().value));
  return list;
}

/**
 * @param {string} path
 * @param {Record<string, string>} filters
 * @param {string[]} topics
 * @param {(row: any) => string} keyOf
 * @param {Fetcher} [fetcher] how a page is asked for, when not by key
 * @returns {Rows}
 */
export function useRows(path, filters, topics, keyOf, fetcher) {
  const asked = path + query(filters);
  const [, draw] = useState(0);
  const list = useMemo(() => listOf(asked, () => new Rows(fetcher ?? (({ after, skip, limit }) =>
    get(path + query({ ...filters, after, skip: skip || "", limit }))), keyOf)), [asked]);
  useEffect(() => {
    list.watch = () => draw((n) => n + 1);
    if (list.total < 0) list.since = Date.now();
    const live = runOnChange(() => list.refresh(), topics, 0);
    return () => { live.stop(); list.watch = () => {}; };
  }, [list, topics.join()]);
  return list;
}
