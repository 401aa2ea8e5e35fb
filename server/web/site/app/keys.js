// Single keys, as listed under "?". They are off in fields, with a modifier held, and when switched
// off in the settings (WCAG 2.1.4).
import { useEffect } from "/shared/ui.js";
import { go, href } from "./router.js";
import { habits } from "./session.js";

/** @type {Record<string, string>} */
export const GOES = {
  t: "today", o: "orders", s: "stock", e: "exceptions", b: "stations", d: "decisions", c: "channels", k: "backups", l: "events",
};
/** @type {Record<string, () => void>[]} pages stack theirs; the last one is asked first */
const stack = [];
let goPending = 0;

/** @param {Record<string, () => void>} map key -> what it does, while the component is shown */
export function useKeys(map) {
  useEffect(() => {
    stack.push(map);
    return () => void stack.splice(stack.indexOf(map), 1);
  });
}

/** @param {1 | -1} by next or previous row */
function move(by) {
  const rows = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-nav]"))];
  if (!rows.length) return;
  const at = rows.findIndex((r) => r === document.activeElement || r.contains(document.activeElement));
  rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? 0 : at + by))].focus();
}

/** @param {KeyboardEvent} e */
function typing(e) {
  const t = /** @type {HTMLElement} */ (e.target);
  return /^(INPUT|TEXTAREA|SELECT)$/.test(t.tagName) || t.isContentEditable;
}

/** @param {KeyboardEvent} e */
function pressed(e) {
  if (e.ctrlKey || e.metaKey || e.altKey || typing(e) || !habits.get().keys) return;
  const goingTo = goPending && Date.now() - goPending < 1500 ? GOES[e.key] : undefined;
  goPending = 0;
  if (goingTo) {
    e.preventDefault();
    return go(href(goingTo));
  }
  for (const map of [...stack].reverse())
    if (map[e.key]) {
      e.preventDefault();
      return map[e.key]();
    }
  if (e.key === "/") {
    e.preventDefault();
    document.getElementById("q")?.focus();
  } else if (e.key === "g") goPending = Date.now();
  else if (e.key === "j") move(1);
  else if (e.key === "k") move(-1);
  else if (e.key === "?") go(href("help"));
}

export function startKeys() {
  addEventListener("keydown", pressed);
}
