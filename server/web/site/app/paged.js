// A list paged by key that keeps its place: rows on the screen are brought up to date where they
// stand, rows that are new wait until the reader asks for them.
import { useEffect, useRef, useState } from "/shared/ui.js";
import { query } from "./api.js";
import { useResource } from "./resource.js";
import { PAGE_ROWS } from "./table.js";

/**
 * @typedef {{rows: any[], total: number, first: number, waiting: number, show: () => void,
 *   older: (() => void) | null, newer: (() => void) | null,
 *   res: import("./resource.js").Resource}} Paged
 */

/**
 * The rows that are shown when `items` is the newest answer: those that were shown, with their new
 * values, in their old places; one that the answer no longer holds stays and is marked `gone`.
 * Nothing shown yet: all of them.
 * @param {any[] | null} shown
 * @param {any[]} items
 * @param {(row: any) => string} keyOf
 */
export function settle(shown, items, keyOf) {
  if (!shown || !shown.length) return { rows: items.slice(0, PAGE_ROWS), waiting: 0 };
  const fresh = new Map(items.map((r) => [keyOf(r), r]));
  const rows = shown.map((r) => fresh.get(keyOf(r)) ?? { ...r, gone: true });
  const known = new Set(shown.map(keyOf));
  let waiting = 0;
  // New rows come first; what stands behind the last known row belongs to the next page.
  const last = items.reduce((n, r, i) => (known.has(keyOf(r)) ? i : n), -1);
  for (let i = 0; i < (last < 0 ? items.length : last); i++) if (!known.has(keyOf(items[i]))) waiting += 1;
  if (shown.length < PAGE_ROWS && last >= 0)
    for (const r of items.slice(last + 1, last + 1 + PAGE_ROWS - shown.length)) rows.push(r);
  return { rows, waiting };
}

/** What is on the screen for one place in the list. */
const NOTHING = { place: "", data: null, old: true, rows: [], waiting: 0, total: 0, next: "" };

/**
 * @param {any} held what was on the screen
 * @param {string} place
 * @param {import("./resource.js").Resource} res
 * @param {(row: any) => string} keyOf
 */
function hold(held, place, res, keyOf) {
  const same = held.place === place;
  if (!res.data) return same ? held : NOTHING;
  if (same && held.data === res.data && held.old === res.old) return held;
  const settled = same && !held.old && held.rows.length;
  return {
    place, data: res.data, old: res.old, total: res.data.total ?? 0,
    next: settled ? held.next : res.data.next ?? "",
    ...settle(settled ? held.rows : null, res.data.items ?? [], keyOf),
  };
}

/**
 * @param {string} path
 * @param {Record<string, string>} filters
 * @param {string[]} topics
 * @param {(row: any) => string} keyOf
 * @returns {Paged}
 */
export function usePaged(path, filters, topics, keyOf) {
  const asked = path + query(filters);
  // keys: `after` of each page up to this one; room: further rows asked for, so that rows which new
  // ones push down are still kept up to date.
  const fresh = { asked, keys: [""], shown: 0, room: 0 };
  const [at, setAt] = useState(fresh);
  const here = at.asked === asked ? at : fresh;
  const after = here.keys[here.keys.length - 1];
  const res = useResource(path + query({ ...filters, after, limit: PAGE_ROWS + here.room }), topics);
  const held = useRef(/** @type {any} */ (NOTHING));
  held.current = hold(held.current, `${asked} ${after} ${here.shown}`, res, keyOf);
  const { rows, waiting, total, next } = held.current;
  useEffect(() => {
    if (waiting > 0 && here.room === 0) setAt({ ...here, room: PAGE_ROWS });
  }, [waiting > 0, here]);
  return {
    rows, total, waiting, res,
    first: (here.keys.length - 1) * PAGE_ROWS + 1,
    show: () => setAt({ ...here, shown: here.shown + 1, room: 0 }),
    older: next ? () => setAt({ ...here, keys: [...here.keys, next], room: 0 }) : null,
    newer: here.keys.length > 1 ? () => setAt({ ...here, keys: here.keys.slice(0, -1), room: 0 }) : null,
  };
}
