// What a page shows of the server: the answer to one GET, fetched again when the server says that
// something it depends on changed, at most twice a second, and kept while the next one is under way.
import { useEffect, useRef, useState } from "/shared/ui.js";
import { ApiError, seen } from "./api.js";
import { heardClock, line, onChanged, serverNow } from "./live.js";

/**
 * @typedef {{data: any, tag: string, at: number, old: boolean, error: ApiError | null, waitingSince: number,
 *   again: () => void}} Resource
 *   tag: of `data`, for a write that names what was seen
 *   old: `data` is from an earlier visit, the first answer of this one is awaited
 *   at: server's clock when `data` was true, 0 before the first answer
 *   waitingSince: local clock while the first answer is awaited, else 0
 */

const GAP_MS = 500;
export const BY_TIME_MS = 5000;
const KEPT_MAX = 40;
/** @type {Map<string, {data: any, tag: string, at: number}>} last answers, so that going back shows something */
const kept = new Map();

/** @param {string} path @param {{data: any, tag: string, at: number}} answer */
function keep(path, answer) {
  kept.delete(path);
  kept.set(path, answer);
  if (kept.size > KEPT_MAX) kept.delete(/** @type {string} */ (kept.keys().next().value));
}

export function forgetAll() {
  kept.clear();
}

/** @param {unknown} e */
const asApiError = (e) => (e instanceof ApiError ? e : new ApiError("broken", String(e), ""));

/**
 * Calls `fetchNow` at once and whenever one of `topics` changes, never closer than GAP_MS.
 * @param {() => Promise<void>} fetchNow
 * @param {string[]} topics
 * @param {number} every ms; 0: only when something changes
 */
export function runOnChange(fetchNow, topics, every) {
  let stopped = false;
  let busy = false;
  let wanted = false;
  let timer = 0;
  let started = 0;
  const run = async () => {
    timer = 0;
    if (stopped || busy) return;
    busy = true;
    wanted = false;
    started = Date.now();
    await fetchNow();
    busy = false;
    if (wanted) want();
  };
  const want = () => {
    wanted = true;
    if (busy || timer || stopped) return;
    timer = window.setTimeout(run, Math.max(0, started + GAP_MS - Date.now()));
  };
  void run();
  const clock = every ? setInterval(() => document.hidden || line.get().mode !== "live" || want(), every) : 0;
  const off = onChanged((changed) => {
    if (changed.includes("*") || changed.some((c) => topics.includes(c))) want();
  });
  return {
    want,
    stop: () => {
      stopped = true;
      clearTimeout(timer);
      clearInterval(clock);
      off();
    },
  };
}

/**
 * @param {string | null} path null: nothing is asked
 * @param {string[]} topics names as in the live messages
 * @param {number} [every] ms: also this often, for figures that change by time alone (who is silent)
 * @returns {Resource}
 */
export function useResource(path, topics, every = 0) {
  const [, draw] = useState(0);
  const box = useRef(/** @type {any} */ (null));
  if (!box.current || box.current.path !== path) {
    const last = path ? kept.get(path) : undefined;
    box.current = {
      path, data: last?.data ?? null, tag: last?.tag ?? "", at: last?.at ?? 0, old: true, error: null,
      waitingSince: last || !path ? 0 : Date.now(), again: () => {},
    };
  }
  useEffect(() => {
    if (!path) return;
    const mine = box.current;
    const live = runOnChange(async () => {
      try {
        const { data, tag } = await seen(path);
        if (data?.now_ms) heardClock(data.now_ms);
        Object.assign(mine, { data, tag, at: serverNow(), old: false, error: null });
        keep(path, { data, tag, at: mine.at });
      } catch (e) {
        mine.error = asApiError(e);
      }
      mine.waitingSince = 0;
      if (box.current === mine) draw((n) => n + 1);
    }, topics, every);
    mine.again = live.want;
    return live.stop;
  }, [path, topics.join()]);
  return box.current;
}
