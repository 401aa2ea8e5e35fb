// Single keys, as listed under "?". They are off in fields, with a modifier held, and when switched
// off in the settings (WCAG 2.1.4). A scan is no row of keys: it searches, whatever page is open.
import { useEffect } from "/shared/ui.js";
import { go, href } from "./router.js";
import { habits } from "./session.js";

/** @type {Record<string, string>} */
export const GOES = {
  t: "today", o: "orders", s: "stock", e: "exceptions", b: "stations", d: "decisions", c: "channels", k: "backups", w: "goods", l: "events", i: "sites",
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

/** What a single key does here, if anything. @param {string} key @returns {(() => void) | null} */
function actionOf(key) {
  if (!habits.get().keys) return null;
  const goingTo = goPending && Date.now() - goPending < 1500 ? GOES[key] : undefined;
  if (goingTo) return () => { goPending = 0; go(href(goingTo)); };
  for (const map of [...stack].reverse()) if (map[key]) return map[key];
  if (key === "/") return () => document.getElementById("q")?.focus();
  if (key === "g") return () => { goPending = Date.now(); };
  if (key === "j") return () => move(1);
  if (key === "k") return () => move(-1);
  if (key === "?") return () => go(href("help"));
  return null;
}

/** Keys that follow each other faster than a hand types are a scanner's: none of them acts. */
const SCAN_GAP_MS = 30;
const SCAN_IDLE_MS = 300;
const SCAN_KEYS_MIN = 4;
/** @type {{key: string, act: (() => void) | null, timer: number} | null} the newest key, until it is known to be a hand's */
let held = null;
let scanned = "";
let scanTimer = 0;

function actNow() {
  if (!held) return;
  const { act, timer } = held;
  clearTimeout(timer);
  held = null;
  act?.();
}

/** @param {string} key */
function scan(key) {
  if (held) {
    clearTimeout(held.timer);
    scanned = held.key;
    held = null;
  }
  scanned += key;
  clearTimeout(scanTimer);
  scanTimer = window.setTimeout(() => { scanned = ""; }, SCAN_IDLE_MS);
}

/** @param {KeyboardEvent} e */
function pressed(e) {
  if (e.ctrlKey || e.metaKey || e.altKey || typing(e)) return;
  if (e.key === "Enter" && scanned) {
    const code = scanned.replace(/^\//, "");
    scanned = "";
    e.preventDefault();
    e.stopPropagation();
    if (code.length >= SCAN_KEYS_MIN) go(href("search", "", { q: code, open: "1" }));
  } else if (e.key.length === 1 && (held || scanned)) {
    e.preventDefault();
    scan(e.key);
  } else if (e.key.length === 1) {
    const act = actionOf(e.key);
    if (act) e.preventDefault();
    held = { key: e.key, act, timer: window.setTimeout(actNow, SCAN_GAP_MS) };
  } else if (e.key !== "Shift") actNow();
}

export function startKeys() {
  addEventListener("keydown", pressed, true); // before the lists: a scan’s Enter opens no row
}
