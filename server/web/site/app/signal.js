// A value that is watched. The console's few pieces of shared state are signals; a component that
// reads one with useSignal is drawn again when it changes.
import { useEffect, useState } from "/shared/ui.js";

/**
 * @template T
 * @typedef {{get: () => T, set: (v: T) => void, watch: (f: (v: T) => void) => () => void}} Signal
 */

/**
 * @template T
 * @param {T} first
 * @returns {Signal<T>}
 */
export function signal(first) {
  let value = first;
  /** @type {Set<(v: T) => void>} */
  const watchers = new Set();
  return {
    get: () => value,
    set: (v) => {
      if (Object.is(v, value)) return;
      value = v;
      for (const w of [...watchers]) w(v);
    },
    watch: (w) => {
      watchers.add(w);
      return () => void watchers.delete(w);
    },
  };
}

/**
 * @template T
 * @param {Signal<T>} s
 * @returns {T}
 */
export function useSignal(s) {
  const [value, setValue] = useState(s.get());
  useEffect(() => {
    setValue(() => s.get());
    return s.watch((v) => setValue(() => v));
  }, [s]);
  return value;
}
