// The banner: which picture and which values each state's sentences get. Nothing but the view and
// this table decides the banner's look; the sentences themselves lie in strings/.
import { difference } from "./difference.js";
import { barcodeText, brief, capital } from "./figures.js";

/**
 * @typedef {import("./types.js").View} View
 * @typedef {import("./types.js").Desk} Desk
 * @typedef {import("./types.js").Line} Line
 * @typedef {Record<string, string | number>} Values
 * @typedef {{glyph: string, values?: (p: Record<string, any>, view: View, desk: Desk) => Values}} Sentence
 */

/** Absent values choose the case "none" of a sentence. @param {any} v */
const some = (v) => (v === undefined || v === null || v === "" ? "none" : v);
/** @param {any} v */
const count = (v) => Number(v) || 0;
/** @param {any} at @param {Desk} desk */
const since = (at, desk) => (at ? desk.figures.span(desk.now - at) : "none");
/** @param {any} at @param {Desk} desk */
const when = (at, desk) => (at ? desk.figures.hm(at, desk.now) : "none");

/** @param {Line} l */
export const isOpen = (l) => l.have + l.short < l.want;

/** Letters of all names together: two lines below the banner's text at most. */
const STILL_OPEN_MOST = 64;

/** @param {View} view @param {Desk} desk */
function stillOpen(view, desk) {
  if (view.body.kind !== "lines") return { list: "none", more: 0 };
  const open = view.body.lines.filter(isOpen);
  /** @type {string[]} */
  const names = [];
  let length = 0;
  for (const l of open.slice(0, 3)) {
    const left = l.want - l.have - l.short;
    const title = brief(l.title, open.length === 1 ? 44 : 22);
    const name = left > 1 ? `${desk.words.number(left)} × ${title}` : title;
    length += name.length;
    if (names.length && length > STILL_OPEN_MOST) break;
    names.push(name);
  }
  const more = open.length - names.length + (view.body.more_lines ?? 0);
  return { list: names.length ? names.join(desk.words.text("ui.comma")) : "none", more };
}

/** @param {View} view @param {Desk} desk */
function lineKeys(view, desk) {
  const keys = view.body.kind === "lines" ? view.body.lines.flatMap((l) => l.key ?? []) : [];
  if (keys.length > 4) return desk.words.text("ui.range", { from: keys[0], to: keys[keys.length - 1] });
  return desk.figures.either(keys.map(String));
}

/** @param {Record<string, any>} p */
const needed = (p) =>
  p.need_title
    ? { need: difference(p.need_title, p.title ?? "")[1], need_bin: some(p.need_bin) }
    : { need: "none", need_bin: "none" };

/** @param {Record<string, any>} p @param {Desk} desk */
const tooLight = (p, desk) => ({
  diff: desk.figures.weight(Math.abs(count(p.diff_g))),
  side: count(p.diff_g) < 0 ? "light" : "heavy",
});

/** @param {Record<string, any>} p */
const number = (p) => ({ number: some(p.number) });
/** @param {Record<string, any>} p */
const title = (p) => ({ title: some(p.title) });

/** @type {Record<string, Sentence>} */
export const SENTENCES = {
  "idle": {
    glyph: "order",
    values: (p, _, desk) => ({
      orders: count(p.orders),
      carrier: some(p.carrier),
      due: when(p.due_ms, desk),
      late: p.due_ms && p.due_ms < desk.now ? "yes" : "no",
      left: desk.figures.span((p.due_ms || 0) - desk.now),
    }),
  },
  "order-open": {
    glyph: "item",
    values: (p, _, desk) => ({
      ...number(p),
      pieces: count(p.pieces),
      carrier: some(p.carrier),
      due: when(p.due_ms, desk),
    }),
  },
  "item-accepted": {
    glyph: "ok",
    values: (p, view, desk) => ({ ...title(p), n: count(p.n), of: count(p.of), ...stillOpen(view, desk) }),
  },
  "wrong-item": { glyph: "stop", values: (p) => ({ ...title(p), bin: some(p.bin), ...needed(p) }) },
  "too-many": { glyph: "stop", values: (p) => ({ ...title(p), bin: some(p.bin), room: count(p.room) }) },
  "unknown-barcode": { glyph: "stop", values: (p) => ({ code: barcodeText(String(p.code ?? "")) }) },
  "scan-refused": { glyph: "stop", values: (p) => ({ device: capital(String(p.device ?? "")) }) },
  "wrong-label": { glyph: "stop", values: number },
  "order-done": { glyph: "stop", values: number },
  "doubled-scan": { glyph: "two", values: (p, _, desk) => ({ gap: desk.figures.gap(count(p.gap_ms)) }) },
  "not-now": {
    glyph: "wait-plain",
    values: (p, _, { words }) => ({
      command: words.has(`cmd.${p.command}`) ? words.text(`cmd.${p.command}`) : String(p.command ?? ""),
    }),
  },
  "nothing-to-undo": { glyph: "wait-plain" },
  "short": { glyph: "ask", values: (_, view, desk) => ({ keys: lineKeys(view, desk) }) },
  "short-noted": { glyph: "ok", values: (p) => ({ ...title(p), pieces: count(p.pieces) }) },
  "qty": { glyph: "ask", values: (p) => ({ digits: some(p.digits) }) },
  "qty-limit": { glyph: "stop", values: (p) => ({ max: count(p.max) }) },
  "expired": { glyph: "stop", values: (p) => ({ ...title(p), date: some(p.date) }) },
  "serial-again": { glyph: "two", values: (p) => ({ ...number(p), serial: some(p.serial) }) },
  "lot-needed": { glyph: "stop", values: (p) => ({ ...title(p), kind: some(p.kind) }) },
  "serial-each": { glyph: "stop", values: title },
  "no-order": { glyph: "ask", values: title },
  "other-order": { glyph: "ask", values: (p) => ({ ...number(p), other: some(p.other) }) },
  "taken-back": { glyph: "ok", values: (p) => ({ ...title(p), n: count(p.n), of: count(p.of) }) },
  "held": { glyph: "ok", values: number },
  "problem": { glyph: "ok", values: number },
  "all-out": { glyph: "ok", values: number },
  "given-back": { glyph: "ask", values: number },
  "note-step": { glyph: "card" },
  "weight-mismatch": {
    glyph: "scale",
    values: (p, _, desk) => ({
      ...tooLight(p, desk),
      piece: some(p.piece),
      piece_weight: desk.figures.weight(count(p.piece_g)),
    }),
  },
  "supervisor": { glyph: "badge", values: (p, _, desk) => ({ ...tooLight(p, desk), tries: count(p.tries) }) },
  "printing": {
    glyph: "wait",
    values: (p, _, desk) => ({
      pieces: count(p.pieces),
      weighed: count(p.weighed) ? "yes" : "no",
      sent: since(p.sent_ms, desk),
      usual: p.usual_ms ? desk.figures.span(count(p.usual_ms)) : "none",
    }),
  },
  "label-scan": { glyph: "label", values: (p) => ({ box: some(p.box_of) }) },
  "label-unknown": { glyph: "ask", values: (p) => ({ cause: some(p.cause) }) },
  "printer-paper": {
    glyph: "roll",
    values: (p) => ({ printer: capital(String(p.printer ?? "")), state: some(p.state) }),
  },
  "scanner-lost": {
    glyph: "plug",
    values: (p, _, desk) => ({
      scanner: capital(String(p.scanner ?? "")),
      age: desk.figures.span(desk.now - count(p.since_ms)),
      other: p.other ? capital(String(p.other)) : "none",
    }),
  },
  "offline-3d": {
    glyph: "order",
    values: (p, _, desk) => ({
      days: p.since_ms ? Math.floor((desk.now - count(p.since_ms)) / 86_400_000) : 0,
      age: since(p.since_ms, desk),
    }),
  },
  "cancelled": {
    glyph: "hand",
    values: (p, _, desk) => ({
      reason: some(p.reason),
      age: since(p.at_ms, desk),
      pieces: count(p.pieces),
    }),
  },
  "order-closed": { glyph: "cage", values: (p) => ({ ...number(p), cage: some(p.cage) }) },
  "store-full": { glyph: "disk", values: (p, _, desk) => ({ since: when(p.since_ms, desk) }) },
  "outbox-full": {
    glyph: "disk",
    values: (p) => ({ reserve: count(p.reserve), up: count(p.up) ? "yes" : "no" }),
  },
  "count-open": {
    glyph: "item",
    values: (p) => ({ ...title(p), bin: some(p.bin), n: count(p.n) }),
  },
  "count-piece": { glyph: "ok", values: (p) => ({ ...title(p), n: count(p.n), back: count(p.back) }) },
  "count-other": { glyph: "stop", values: (p) => ({ ...title(p), bin: some(p.bin), ...needed(p) }) },
  "count-zero": { glyph: "ask", values: (p) => ({ ...title(p), bin: some(p.bin) }) },
  "count-done": { glyph: "ok", values: (p) => ({ ...title(p), n: count(p.n) }) },
  "count-left": { glyph: "ok", values: title },
  "count-gone": { glyph: "ask", values: title },
  "no-count": { glyph: "wait-plain" },
  "restarted": { glyph: "item", values: (p) => ({ pieces: count(p.pieces) }) },
  "agent-lost": { glyph: "freeze", values: (p, _, desk) => ({ age: since(p.since_ms, desk) }) },
  "not-set-up": { glyph: "plug" },
  "help": { glyph: "sheet" },
};

/** @type {Record<string, string>} */
const GENERAL_GLYPH = { next: "item", ok: "ok", wait: "wait-plain", ask: "ask", stop: "stop" };
/** Of the station's own words: only these give way when a line is too long. */
const NAMES = ["title", "device", "printer", "scanner", "piece"];

/**
 * @param {View} view
 * @param {Desk} desk
 * @param {(name: string) => any} asName how a name is drawn in the first line
 */
export function sentence(view, desk, asName) {
  const { id, tone, p } = view.banner;
  const entry = SENTENCES[id];
  const base = `station.${entry ? id.replaceAll("-", "_") : "other"}`;
  const values = entry?.values ? entry.values(p ?? {}, view, desk) : {};
  const named = { ...values };
  let gives = false;
  for (const name of NAMES) {
    if (typeof values[name] !== "string" || values[name] === "none") continue;
    named[name] = asName(String(values[name]));
    gives = true;
  }
  const { words } = desk;
  return {
    tone,
    glyph: entry?.glyph ?? GENERAL_GLYPH[tone] ?? "ask",
    said: words.parts(`${base}.said`, named),
    saidText: words.text(`${base}.said`, values),
    gives,
    do: words.text(`${base}.do`, values),
    how: words.text(`${base}.how`, values).trim().replace("….", "…"),
  };
}
