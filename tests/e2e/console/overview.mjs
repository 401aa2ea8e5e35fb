// @ts-nocheck figures only; their shapes are judged by what draws them
// Today at a glance, the search and the derivation of figures, made of the other fixtures.
import * as fx from "./fixtures.mjs";

const MIN = 60000;
const STATES = ["open", "backordered", "allocated", "released", "packed", "shipped", "delivered", "cancelled", "returned"];

export function today(orders, exceptions, empty) {
  const all = empty ? [] : orders;
  const kinds = new Map();
  for (const e of empty ? [] : exceptions) {
    const k = kinds.get(e.kind) ?? { kind: e.kind, open: 0, oldest_ms: e.raised_ms };
    kinds.set(e.kind, { ...k, open: k.open + 1, oldest_ms: Math.min(k.oldest_ms, e.raised_ms) });
  }
  return { now_ms: fx.NOW, orders: { ...Object.fromEntries(STATES.map((s) => [s, all.filter((o) => o.state === s).length])), total: all.length },
    late: all.filter((o) => /[14]$/.test(o.number)).length, at_risk: all.filter((o) => !/[14]$/.test(o.number)).length, held: all.filter((o) => /7$/.test(o.number)).length,
    stations: empty ? { total: 0, up: 0, silent: 0, never: 0, waiting: 0 } : { total: 38, up: 35, silent: 2, never: 1, waiting: 17 },
    lag: empty ? [] : [["shopify", 412, 840, 1900, 3300], ["vendure", 388, 1220, 4100, 9700], ["marketplace", 97, 71000, 166000, 212000]].map(([channel, n, p50_ms, p95_ms, p99_ms]) => ({ channel, n, p50_ms, p95_ms, p99_ms })),
    exceptions: [...kinds.values()],
    waits: empty ? [] : [["backordered", "marketplace:302-5519027-1180338", 3 * 60 + 9], ["allocated", "shopify:RW-20844", 194], ["released", "vendure:B2B-4471", 4442], ["outbox", "webhook stock HFN-ESP-1000", 7],
      ["exception", "ex-2", 4260], ["station", "venlo/bench-7", 3]].map(([what, id, ago]) => ({ what, id, since_ms: fx.NOW - ago * MIN })) };
}

export function search(q, orders, exceptions, limit) {
  const has = (...texts) => texts.find((t) => String(t).toLowerCase().includes(q.toLowerCase()));
  const match = (o) => (has(o.number) ? "number" : has(o.tracking) ? "tracking" : "customer");
  return { q, hits: [
    ...orders.filter((o) => has(o.number, o.customer, o.tracking)).map((o) => ({ type: "order", id: o.id, match: match(o), text: o.number, sub: o.customer, state: o.state, at_ms: o.updated_ms })),
    ...fx.stock().filter((s) => has(s.sku, s.title)).map((s) => ({ type: "item", id: s.sku, match: has(s.sku) ? "sku" : "title", text: s.sku, sub: s.title, state: "", at_ms: null })),
    ...deliveries().filter((d) => has(d.delivery)).map((d) => ({ type: "delivery", id: d.delivery, match: "number", text: d.delivery, sub: `${d.supplier}, ${d.site}`, state: "", at_ms: d.announced_ms })),
    ...transfers().filter((d) => has(d.transfer)).map((d) => ({ type: "transfer", id: d.transfer, match: "number", text: d.transfer, sub: `${d.sku}, ${d.from_site}, ${d.to_site}`, state: "", at_ms: d.changed_ms })),
    ...purchases().filter((d) => has(d.purchase)).map((d) => ({ type: "purchase", id: d.purchase, match: "number", text: d.purchase, sub: `${d.supplier}, ${d.site}`, state: "", at_ms: d.proposed_ms })),
    ...(q === "L2611-B" ? [{ type: "item", id: "NAG-F01-BR-100", match: "lot", text: "NAG-F01-BR-100", sub: "Paper filter size 01, brown", state: "", at_ms: null }] : []),
    ...fx.stations().filter((s) => has(s.station)).map((s) => ({ type: "station", id: `${s.site}/${s.station}`, match: "name", text: s.station, sub: s.site, state: "", at_ms: s.heard_ms })),
    ...exceptions.filter((e) => has(e.what, e.subject)).map((e) => ({ type: "exception", id: e.id, match: "subject", text: e.what, sub: e.subject, state: e.kind, at_ms: e.raised_ms })),
  ].slice(0, limit) };
}

/** Figures of an item term by term, as GET /stock/{sku}/derivation gives them. */
export function derivation(sku) {
  const s = fx.stock().find((x) => x.sku === sku);
  if (!s) return null;
  const sites = s.sites.flatMap((x) => [
    { name: "on_hand", of: x.site, value: x.on_hand, as_of_ms: x.as_of_ms, why: "" },
    { name: "reserved", of: x.site, value: -x.reserved, as_of_ms: fx.NOW - 9000, why: "" },
    ...(x.site === "venlo" ? [{ name: "offline_risk", of: "venlo/bench-7", value: -6, as_of_ms: fx.NOW - 74 * 60 * MIN, why: "silent: its quota, or what it usually takes if that is more" }] : []),
    { name: "safety_stock", of: x.site, value: -4, as_of_ms: null, why: "" }]);
  const make = (channel, told, extra, express = false) => {
    const terms = [...sites, { name: "unrouted", of: "", value: -3, as_of_ms: fx.NOW - 2000, why: "2 orders wait for a site" }, ...extra].filter((x) => x.value);
    const value = terms.reduce((n, x) => n + x.value, 0);
    return { channel, location: "", value, as_of_ms: fx.NOW - 9000, told: told === "same" ? value : told, express, terms };
  };
  return { sku, figures: [make("shopify", "same", []), make("vendure", 118, [{ name: "buffer", of: "", value: -2, as_of_ms: null, why: "" }]), make("marketplace", null, [{ name: "not_its_share", of: "", value: -40, as_of_ms: null, why: "its share is 60 %" }], true)] };
}

const DELIVERIES = [["LF-2026-1188", "kaffeekontor", "leipzig", "arriving", -2 * 60], ["LF-2026-1190", "papierwerk-nord", "venlo", "overdue", -26 * 60], ["LF-2026-1192", "kaffeekontor", "leipzig", "expected", 20 * 60],
  ["LF-2026-1170", "elbe-metallwaren", "leipzig", "differs", -50 * 60]];
export function deliveries() {
  return DELIVERIES.map(([delivery, supplier, site, state, expected]) => ({ delivery, supplier, site, state, expected_ms: fx.NOW + expected * MIN, announced_ms: fx.NOW - 3000 * MIN, closed_ms: state === "differs" ? fx.NOW - 40 * MIN : null,
    purchase: "PO-4471", origin: "api", why: state === "differs" ? "the rest comes next month" : "", by: state === "differs" ? "Milena" : "",
    lines: [{ line: 1, sku: "HFN-ESP-1000", expected: 120, received: 96, damaged: 2, state: "partly", remedy: "24 pieces have not come yet." }, { line: 2, sku: "NAG-F01-BR-100", expected: 400, received: 420, damaged: 0, state: "over", remedy: "20 more than announced: keep or send back." }],
    strangers: [{ sku: "", code: "4006381333999", quantity: 3, damaged: 0, known: false, remedy: "Nobody knows this code: enter the item first." }], receipts: [] }));
}

/** Closed boxes: what stands there, or what has left. @param {string | null} state */
export function parcels(state) {
  const gone = state === "handed_over" || state === "delivered";
  return fx.orders().slice(0, 9).map((o, i) => ({ box: `L-${i}`, tracking: `00340123${String(456700 + i)}`, carrier: i % 3 ? "DHL" : "Deutsche Post Großbrief", site: i % 2 ? "venlo" : "leipzig",
    state: gone ? (i % 2 ? "delivered" : "handed_over") : "waiting", order: o.id, number: o.number, channel: o.channel, customer: o.customer, pieces: i + 1, closed_ms: fx.NOW - (i + 1) * 9 * MIN, manifest: gone ? "M-2026-118" : "",
    handed_ms: gone ? fx.NOW - i * MIN : null, delivered_ms: gone && i % 2 ? fx.NOW - 1000 : null, stopped: gone ? "" : ["", "", "cancelled", "", "old_address", "held"][i] ?? "" }));
}
export const waitingParcels = () => [["leipzig", "Deutsche Post Großbrief", 3], ["leipzig", "DHL", 212], ["venlo", "DHL", 41]].map(([site, carrier, n]) => ({ site, carrier, parcels: n, oldest_ms: fx.NOW - 95 * MIN, to_keep_back: carrier === "DHL" && site === "leipzig" ? 7 : site === "venlo" ? null : 0 }));

export function transfers() {
  return [["T-1", "ELB-KES-10-SW", "leipzig", "venlo", 24, 24, 0, "on_the_way"], ["T-2", "KRA-K4-KIR", "venlo", "leipzig", 3, 0, 0, "wanted"], ["T-3", "NAG-MJ-350", "leipzig", "venlo", 40, 40, 31, "late"]].map(([transfer, sku, from_site, to_site, quantity, sent, received, state]) => ({
    transfer, sku, from_site, to_site, quantity, sent, received, damaged: 0, in_transit: sent - received, settled: false, state, expected_ms: fx.NOW + 300 * MIN, ordered_ms: fx.NOW - 600 * MIN, changed_ms: fx.NOW - 90 * MIN, why: "venlo sells three a day and has four", by: "proposal" }));
}

export function countTasks() {
  return [["C-1", "KRA-K4-KIR", "Hand grinder K4, cherry wood", "leipzig", "open"], ["C-2", "QIN-JUG-600", "手冲咖啡分享壶 600 ml", "venlo", "open"], ["C-3", "ENT-TAB-12", "Descaler tablets, 12 pieces", "leipzig", "counted"]].map(([task, sku, title, site, state], i) => ({
    task, sku, title, site, station: "bench-4", bin: `B-07-${i + 1}`, why: "3 short picks since the last count: odds 71 in 100 that the shelf has less than the books say", state, asked_ms: fx.NOW - (i + 1) * 47 * MIN, ended_ms: null }));
}

export const counts = () => [{ position: 88, at_ms: fx.NOW - 80 * MIN, sku: "ENT-TAB-12", site: "leipzig", counted: 238, difference: -2, counts: true, source: "/leipzig/bench-4", task: "C-3", bin: "B-07-3", by: "Jakub" }];

/** Two sides of a what-if. */
export function whatIf() {
  const was = { allocated: 1802, partly_allocated: 11, backordered: 33, splits: 96, parcels: 1921, cost_minor: 914370, cash_minor: 861220, late: 41, late_hours: 388, margin_minor: 4128800 };
  return { since_ms: fx.NOW - 720 * 60 * MIN, decisions: 1846, orders: 1790, of_facts: 1721, rebuilt: 125, assumed: 12, unread: 3, forbidden: 2, margins: 1640, currency: "EUR", was,
    would: { ...was, splits: 41, parcels: 1866, cost_minor: 871120, cash_minor: 825040, late: 47, late_hours: 402, margin_minor: 4169100 }, moved_total: 214,
    moved: fx.orders().slice(0, 6).map((o, i) => ({ order: o.id, decision: `d${i}`, from: "leipzig + venlo", to: "leipzig", from_minor: 980, to_minor: 490, why: "one parcel instead of two: venlo’s piece lies in leipzig as well" })) };
}

/** Rows of a whole site or channel first, as the server has them. */
export const policies = (sku, site, channel) => [{ sku: null, site: null, channel: "vendure", safety: null, quota: null, share_pm: 900, buffer: 2, cap: null, why: "it is told late", by: "Milena", position: 52 },
  { sku: "NAG-F01-BR-100", site: "leipzig", channel: null, safety: 4, quota: 3, share_pm: null, buffer: null, cap: null, why: "sold twice last December", by: "Milena", position: 71 }]
  .filter((r) => (!sku || r.sku === sku) && (!site || r.site === site) && (!channel || r.channel === channel));
export const kits = () => [{ sku: "SET-KAI-03", parts: [{ sku: "NAG-F01-BR-100", pieces: 2 }, { sku: "KRA-K4-KIR", pieces: 1 }] }];
export const drift = (channel) => (channel === "marketplace" ? [{ sku: "KRA-K4-KIR", location: "", told: 1, shown: 2, cause: "changed_there", why: "somebody set it to 2 at the channel", times: 3, at_ms: fx.NOW - 40 * MIN }] : []);

/** One decision in full: costs term by term, how sure it is, the rules. */
export function decision(id) {
  const d = fx.decisions("shopify:RW-20853").find((x) => x.id === id) ?? fx.decisions("shopify:RW-20853")[0];
  const terms = (a, b) => [{ rule: "shipping", minor: a, why: "1 parcel, 920 g by PL parcel to zone 2" }, { rule: "distance", minor: b, why: "412 km" }, { rule: "lateness", minor: 0, why: "in time" }];
  return { ...d, candidates: d.candidates.map((c, i) => ({ ...c, costs: i < 2 ? terms(490 + i * 300, 12 + i * 40) : null, ruled_out_by: i === 1 && !c.chosen ? "stock" : null })), currency: "EUR", costs: terms(490, 12),
    optimality: { method: "exact", cost_minor: 502, bound_minor: 502, gap_minor: 0, expanded: 14 }, rules: [["stock", 1], ["liveness", 1], ["hours", 2], ["shipping", 3]].map(([name, version]) => ({ name, version })),
    remainder: null, policy: null, by: null, facts: null };
}

export function purchases() {
  const line = (sku, quantity, price_minor, why) => ({ sku, supplier_sku: `KK-${sku.slice(0, 3)}`, quantity, packs: quantity / 12, price_minor, why });
  return [["PO-4490", "kaffeekontor", "Kaffeekontor Bremen GmbH", "leipzig", "proposed"], ["PO-4491", "", "", "venlo", "proposed"], ["PO-4471", "papierwerk-nord", "Papierwerk Nord", "leipzig", "sent"]].map(([purchase, supplier, title, site, state]) => ({
    purchase, supplier, title, site, state, currency: supplier ? "EUR" : "", total_minor: 241200, proposed_ms: fx.NOW - 190 * MIN, decided_ms: state === "sent" ? fx.NOW - 100 * MIN : null, expect_ms: null, why: "", by: "", sending: state === "sent" ? { state: "waiting", why: "HTTP 502", by: "server", at_ms: fx.NOW - 100 * MIN, waits: { url: "https://papierwerk.example/orders", attempts: 3, next_ms: fx.NOW + MIN } } : null,
    lines: [line("HFN-ESP-1000", 120, 1420, "sells 14 a day; 88 on hand and coming last 6 days, the next delivery takes 9"), line("ENT-TAB-12", 48, 310, "below its reorder point of 60")],
    mail: { to: "orders@example.com", subject: "Order PO-4490", body: "120 x KK-HFN Espresso\n48 x KK-ENT Descaler" }, webhook: "" }));
}
export const suppliers = () => [["kaffeekontor", "Kaffeekontor Bremen GmbH", "bestellung@kaffeekontor.example", 9, 2], ["papierwerk-nord", "Papierwerk Nord", "", 21, 1], ["neu", "Töpferei am Neuen Markt", "", 0, 0]].map(
  ([supplier, title, email, lead_days, skus]) => ({ supplier, title, email, webhook: email ? "https://kaffeekontor.example/orders" : "", lead_days, review_days: 7, skus }));
export const supplies = (supplier) => [["HFN-ESP-1000", "kaffeekontor", 1, 12, 1420], ["ENT-TAB-12", "kaffeekontor", 0, 24, 310], ["NAG-F01-BR-100", "papierwerk-nord", 1, 40, 120]].filter((y) => !supplier || y[1] === supplier).map(
  ([sku, of, rank, pack, price_minor]) => ({ sku, supplier: of, rank, supplier_sku: `KK-${String(sku).slice(0, 3)}`, pack, minimum: 12, price_minor, currency: "EUR", safety_days: 2 }));
export const proposals = () => ["ELB-KES-10-SW", "KRA-K4-KIR", "NAG-MJ-350"].map((sku, i) => ({ sku, from_site: "leipzig", to_site: "venlo", quantity: 6 + i, why: "venlo sells three a day and has four; leipzig has 31 and sells one a week", at_ms: fx.NOW - 300 * MIN }));
export const backorders = () => [{ sku: "NAG-F01-BR-100", most: 40, waiting: 12, preorder: true, released_ms: fx.NOW + 9 * 24 * 60 * MIN, preorder_most: 100, why: "the new edition", by: "Milena" }];

export const quality = () => ({ items: [{ flaw: "listing_without_sku", place: "listing 4711 of shop", detail: "\"Hand grinder K4\" has no SKU", remedy: "enter the SKU of its item there", seen_ms: fx.NOW - 300 * MIN }, { flaw: "look_alike_sku", place: "item HFN-ESP-1000", detail: "2 SKUs differ in separators or leading zeros only: \"HFN-ESP-1000\", \"HFN_ESP_1000\"", remedy: "keep one SKU" }, { flaw: "no_weight", place: "GEN-004", detail: "no weight", remedy: "Enter its weight: the scale cannot check a box without it." }, { flaw: "shared_barcode", place: "4006381333931", detail: "NAG-F01-BR-100 and NAG-F02-WH-100", remedy: "One of them needs another code." }], next: null, total: 4, counts: { listing_without_sku: 1, shared_barcode: 1, look_alike_sku: 1, no_weight: 1 }, items_checked: 72, cut: false });
export const suspects = () => ({ items: [{ sku: "KRA-K4-KIR", title: "Hand grinder K4, cherry wood", site: "leipzig", on_hand: 2, odds_pm: 710, milli_bits: 1290, evidence: [], asked: true, at_ms: fx.NOW - 300 * MIN }], next: null, total: 1 });
