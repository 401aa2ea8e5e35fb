// How long a change takes from the fact that caused it to the channel's own confirmation, from the
// confirmations in the event log: ours (until the request left) and theirs (until it was confirmed).
import { useEffect, useState } from "/shared/ui.js";
import { get, query } from "./api.js";
import { onChanged, position, serverNow } from "./live.js";

/**
 * @typedef {{at: number, channel: string, sku: string, total: number, ours: number, theirs: number}} Confirmed
 * @typedef {{at: number, n: number, half: number, most: number}} Point half: median, most: 95 in 100; ms
 */

const TYPE = "dockline.channel.stock.confirmed.v1";
export const WINDOW_MS = 24 * 3600 * 1000;
const KEPT_MAX = 5000;
const REACH_POSITIONS = 20000; // how far back in the log the first look goes
const PAGE = 200; // as many rows as one answer may have
const STEPS_MS = [10, 30, 60, 300, 900].map((s) => s * 1000);
const POINTS_MAX = 96;

/** @param {any} e @returns {Confirmed} */
export function confirmedOf(e) {
  const { channel, sku, caused_ms, sent_ms } = e.data;
  const at = e.time_ms;
  const sent = sent_ms || at;
  const caused = Math.min(caused_ms || sent, sent);
  return { at, channel, sku, total: Math.max(0, at - caused), ours: sent - caused, theirs: Math.max(0, at - sent) };
}

/** @param {number[]} values @param {number} share 0..1 */
export function quantile(values, share) {
  const v = [...values].sort((a, b) => a - b);
  return v.length ? v[Math.min(v.length - 1, Math.ceil(share * v.length) - 1 < 0 ? 0 : Math.ceil(share * v.length) - 1)] : 0;
}

/**
 * Points of equal width over the time that has confirmations; a step without any has no point.
 * @param {Confirmed[]} list oldest first
 * @param {number} now
 * @returns {{points: Point[], step: number, from: number}}
 */
export function binned(list, now) {
  const from = Math.max(now - WINDOW_MS, list[0]?.at ?? now);
  const step = STEPS_MS.find((s) => (now - from) / s <= POINTS_MAX) ?? STEPS_MS[STEPS_MS.length - 1];
  /** @type {Map<number, number[]>} */
  const bins = new Map();
  for (const c of list) {
    if (c.at < from) continue;
    const b = Math.floor(c.at / step) * step;
    bins.set(b, [...(bins.get(b) ?? []), c.total]);
  }
  const points = [...bins].map(([at, v]) => ({ at: at + step / 2, n: v.length, half: quantile(v, 0.5), most: quantile(v, 0.95) }));
  return { points, step, from };
}

/** @type {{list: Confirmed[], after: number | null, at: number}} */
const known = { list: [], after: null, at: 0 };
let busy = false;

async function readOn() {
  if (busy) return false;
  busy = true;
  try {
    known.after ??= Math.max(0, (await newestPosition()) - REACH_POSITIONS);
    for (let page = 0; page < 50; page++) {
      const answer = await get(`/events${query({ type: TYPE, after: known.after, limit: PAGE })}`);
      known.list.push(...answer.items.map(confirmedOf));
      const last = answer.items[answer.items.length - 1];
      if (last) known.after = last.position;
      if (answer.items.length < PAGE) break;
    }
    known.list = known.list.filter((c) => c.at > serverNow() - WINDOW_MS).slice(-KEPT_MAX);
    known.at = serverNow();
    return true;
  } finally {
    busy = false;
  }
}

async function newestPosition() {
  if (position.get()) return position.get();
  return (await get("/summary")).events ?? 0;
}

/** @returns {{list: Confirmed[], at: number, error: any}} */
export function useConfirmed() {
  const [state, set] = useState({ list: known.list, at: known.at, error: /** @type {any} */ (null) });
  useEffect(() => {
    let stopped = false;
    let timer = 0;
    const read = async () => {
      timer = 0;
      try {
        if ((await readOn()) && !stopped) set({ list: known.list, at: known.at, error: null });
      } catch (error) {
        if (!stopped) set((s) => ({ ...s, error }));
      }
    };
    void read();
    const off = onChanged((changed) => {
      if (!timer && changed.some((c) => ["*", "channels", "outbox", "stock"].includes(c))) timer = window.setTimeout(read, 1000);
    });
    return () => { stopped = true; clearTimeout(timer); off(); };
  }, []);
  return state;
}

/** @param {Confirmed[]} list @param {string} channel */
export const ofChannel = (list, channel) => list.filter((c) => c.channel === channel);
