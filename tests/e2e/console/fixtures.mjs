// @ts-nocheck figures only; their shapes are judged by what draws them
// A warehouse in the middle of its day, in the shapes of the HTTP API (server/api/*_json.cpp). Times
// are milliseconds before `now`, so that every picture of it is the same.

export const NOW = Date.UTC(2026, 10, 24, 13, 2, 31);
const S = 1000;
const MIN = 60 * S;
const H = 60 * MIN;
const D = 24 * H;

/** Numbers that look drawn but are the same each time. */
export function dice(seed) {
  let s = seed;
  return () => (s = (s * 16807) % 2147483647) / 2147483647;
}

const PEOPLE = [
  ["RW-20853", "shopify", "Annegret Schultheiß-Oberländer", 6, "leipzig", "bench-4", "released", 3, 2 * S],
  ["302-8841267-3391541", "marketplace", "王思远", 1, "leipzig", "bench-4", "released", 0, 41 * S],
  ["RW-20861", "shopify", "Bäckerei Großkreutz GmbH & Co. KG", 24, "leipzig", "", "backordered", 18, 65 * S],
  ["27-11934-08812", "vendure", "Søren Dahl-Østergaard", 11, "leipzig", "bench-9", "released", 4, 12 * S],
  ["B2B-4471", "vendure", "Kaffeerösterei am Nordostseekanal e. K.", 96, "venlo", "bench-7", "released", 41, 3 * D + 2 * H],
  ["RW-20849", "shopify", "Zhang Yifan 张一帆", 2, "leipzig", "bench-4", "packed", 2, 3 * MIN],
  ["302-5519027-1180338", "marketplace", "Maximiliane von Hohenstein-Wirkungen", 1, "", "", "backordered", 0, 9 * MIN],
  ["RW-20846", "shopify", "Jörg Weißmüller", 3, "leipzig", "bench-9", "packed", 3, 11 * MIN],
  ["RW-20844", "shopify", "Ngozi Okonkwo-Lindqvist", 5, "venlo", "", "allocated", 0, 14 * MIN],
  ["27-11934-08655", "vendure", "İbrahim Çağlayan", 1, "leipzig", "", "cancelled", 0, 16 * MIN],
  ["RW-20841", "shopify", "李静怡", 2, "leipzig", "bench-4", "packed", 2, 22 * MIN],
  ["RW-20839", "shopify", "Friederike Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft", 7, "leipzig", "bench-9", "packed", 7, 22 * MIN],
  ["B2B-4470", "vendure", "Hotel Vier Jahreszeiten Betriebs-GmbH", 48, "leipzig", "bench-2", "packed", 48, 31 * MIN],
];
const FIRST = ["Anna", "Jakub", "Mei-Ling", "Oluwaseun", "Ève", "Dmytro", "Ingrid", "José", "Aylin", "Tom"];
const LAST = ["Kühn", "Petrović", "Hoffmann 何美玲", "Adeyemi-Brandt", "Lefèvre", "Kovalchuk", "Ås", "García", "Yılmaz", "O’Brien"];
const STATE_OF = ["packed", "packed", "packed", "released", "allocated", "packed", "released", "backordered", "packed", "cancelled"];

export function orders() {
  const rows = PEOPLE.map((p) => row(p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7], p[8]));
  const r = dice(42);
  for (let i = 0; i < 147; i++) {
    const state = STATE_OF[Math.floor(r() * 10)];
    const pieces = 1 + Math.floor(r() * 9);
    rows.push(row(`RW-${20838 - i}`, ["shopify", "vendure", "marketplace"][i % 3], `${FIRST[i % 10]} ${LAST[(i * 7) % 10]}`,
      pieces, state === "backordered" ? "" : i % 3 ? "leipzig" : "venlo", state === "released" || state === "packed" ? `bench-${1 + (i % 9)}` : "",
      state, state === "packed" ? pieces : state === "released" ? Math.floor(pieces / 2) : 0, 33 * MIN + i * 4 * MIN));
  }
  return rows;
}

function row(number, channel, customer, pieces, site, station, state, packed, ago) {
  return { id: `${channel}:${number}`, number, channel, customer, placed_ms: NOW - ago - 3 * H, received_ms: NOW - ago - 3 * H + 900,
    updated_ms: NOW - ago, state, site, station, tracking: state === "packed" || state === "released" ? `DL${String(4557000000 + pieces * 7919 + number.length * 31337)}` : "",
    pieces, packed };
}

export const ITEMS = [
  ["NAG-F01-BR-100", "Paper filter size 01, brown", 142, 46, 42, 15, 2 * S],
  ["NAG-F02-WH-100", "Paper filter size 02, white", 96, 12, 0, 0, 5 * S],
  ["ELB-KES-10-SW", "Kettle “Elbe” 1.0 l, matt black", 31, 9, 4, 0, 12 * S],
  ["KRA-K4-KIR", "Hand grinder K4, cherry wood", 1, 2, 1, 0, 4 * MIN],
  ["HFN-ESP-1000", "Espresso “Hafennacht” 1 kg, whole beans", 412, 88, 60, 12, S],
  ["QIN-JUG-600", "手冲咖啡分享壶 600 ml 耐热玻璃", 58, 6, 0, 0, 26 * S],
  ["SET-KAI-03", "Gift set “Morgen am Kai” (grinder, filter, 1 kg)", 3, 3, 0, 0, 4 * MIN],
  ["NAG-MJ-350", "Milk jug 350 ml, brushed steel", 77, 4, 12, 1, MIN],
  ["ENT-TAB-12", "Descaler tablets, 12 pieces, food-safe citric acid", 240, 31, 0, 0, 38 * S],
  ["WAG-01-USB", "Scale 0.1 g with timer, USB-C", 19, 5, 2, 0, 2 * MIN],
  ["BEC-SCH-200", "Becher „Schulkind“ 200 ml, Emaille", 41, 0, 8, 0, 9 * S],
  ["SET-SCHUL-03", "Set „Schulanfang“, 3 pieces", 12, 1, 0, 0, 9 * S],
];

export function stock() {
  const rows = ITEMS.map(([sku, title, l, lr, v, vr, ago]) => item(sku, title, l, lr, v, vr, ago));
  for (let i = 0; i < 60; i++) rows.push(item(`GEN-${String(i).padStart(3, "0")}`, `Spare part ${i + 1}`, 10 + i, i % 5, i % 7, 0, (3 + i) * MIN));
  return rows;
}

function item(sku, title, l, lr, v, vr, ago) {
  const total = Math.max(0, l - lr) + Math.max(0, v - vr);
  return { sku, title,
    sites: [{ site: "leipzig", on_hand: l, reserved: lr, packed: 4, atp: l - lr, bin: "B-07-2", as_of_ms: NOW - ago },
      { site: "venlo", on_hand: v, reserved: vr, packed: 0, atp: v - vr, bin: "", as_of_ms: NOW - 3 * D - 2 * H }],
    told: [{ channel: "shopify", location: "", quantity: total, state: "confirmed", as_of_ms: NOW - ago },
      { channel: "vendure", location: "1", quantity: total, state: "confirmed", as_of_ms: NOW - ago - S },
      { channel: "marketplace", location: "", quantity: total + 5, state: "sent", as_of_ms: NOW - 2 * S },
      { channel: "webhook", location: "", quantity: total, state: "waiting", as_of_ms: NOW - 3 * MIN }] };
}

export function stockOf(sku) {
  const s = stock().find((x) => x.sku === sku);
  if (!s) return null;
  const moves = Array.from({ length: 23 }, (_, i) => ({ position: 9000 - i, at_ms: NOW - i * 7 * MIN - 2 * S, quantity: 1 + (i % 4),
    from: i % 6 === 5 ? "supplier" : "leipzig/shelf", to: i % 6 === 5 ? "leipzig/shelf" : i % 6 === 4 ? "adjustment" : "leipzig/packed",
    reason: i % 6 === 5 ? "receipt" : i % 6 === 4 ? "count" : "packed for RW-2085" + (i % 9), source: "/leipzig/bench-4" }));
  const list = orders().filter((o) => o.state === "released").slice(0, 13);
  const bins = (/** @type {any} */ site) => (site.bin ? [{ bin: site.bin, quantity: site.on_hand - 3, home: true }, { bin: "C-01-4", quantity: 3, home: false }]
    : [{ bin: "", quantity: site.on_hand, home: true }]);
  const beside = (/** @type {any} */ site) => (site.site === "leipzig" && lots(sku).length ? { quarantine: 5, damaged: 2 } : {});
  return { ...s, sites: s.sites.map((x) => ({ ...x, ...beside(x), bins: bins(x), on_hand_in: x.on_hand > 20 ? [{ unit: "case", count: Math.floor(x.on_hand / 20) }, ...(x.on_hand % 20 ? [{ unit: "", count: x.on_hand % 20 }] : [])] : [] })), units: [{ unit: "case", pieces: 20 }], detail: "", origin: "api", weight_g: 118, hazardous: true, cold_chain: null, tracked: null, cost_minor: 92, barcodes: [{ code: "4006381333931", pieces: 1, unit: null }, { code: "14006381333938", pieces: 20, unit: "case" }],
    moves, reservations: list.map((o, i) => ({ order: o.id, site: i % 4 ? "leipzig" : "venlo", line: 1, quantity: 1 + (i % 6) })) };
}

/** What lay where: GET /stock/{sku}?at=; half as much a month ago. */
export function stockAt(sku, at) {
  const s = stock().find((x) => x.sku === sku);
  const left = Math.max(0, 1 - (NOW - at) / (60 * D));
  return s && { sku, at_ms: at, places: [{ place: "adjustment", quantity: -4 }, { place: "leipzig/quarantine", quantity: 5 }, { place: "leipzig/shelf", quantity: Math.round(s.sites[0].on_hand * left) },
    { place: "supplier", quantity: -200 }, { place: "venlo/shelf", quantity: Math.round(s.sites[1].on_hand * left) }].filter((p) => at > NOW - 60 * D) };
}

/** GET /stock/{sku}/history: as stockAt says of each instant. @param {string} sku @param {URLSearchParams} q */
export function stockHistory(sku, q) {
  const [since, points, site] = [Number(q.get("since")), Number(q.get("points")), q.get("site")];
  const known = q.get("site") === "venlo" ? 30 : 0; // Venlo has moved too often to be counted back
  return { sku, site, since_ms: since, until_ms: NOW, cut: known > 0, points: Array.from({ length: points }, (_, i) => since + Math.floor(((NOW - since) * i) / (points - 1))).slice(known).map((at_ms) => ({ at_ms,
    quantity: (stockAt(sku, at_ms)?.places ?? []).filter((p) => p.place.endsWith("/shelf") && (!site || p.place === `${site}/shelf`)).reduce((n, p) => n + p.quantity, 0) })) };
}

/** Of one item: GET /stock/{sku}/lots. */
export function lots(sku) {
  if (sku !== "NAG-F01-BR-100") return [];
  const l = (place, quantity, lot, days, over = {}) => ({ place, lot, serial: "", expires_ms: days === null ? null : Date.UTC(2026, 10, 24) + days * D, ownership: "own", owner: "", quantity, received_ms: NOW - 9 * D, withheld: "", ...over });
  return [l("leipzig/quarantine", 3, "L2608-A", -9, { withheld: "lies in quarantine" }), l("leipzig/quarantine", 2, "L2611-B", 400, { ownership: "customer", owner: "Hotel Vier Jahreszeiten Betriebs-GmbH" }), l("leipzig/shelf", 40, "L2610-B", 12), l("leipzig/shelf", 60, "L2611-B", 400),
    l("leipzig/shelf", 1, "", null, { serial: "SN-88120-004711" }), l("venlo/shelf", 30, "L2611-B", 400, { ownership: "consignment", owner: "Papierwerk Nord" }), ...Array.from({ length: 6 }, (_, i) => l("venlo/shelf", 2, `L27${10 + i}-C`, 500 + i))];
}

const device = (site, station, name, kind, state, ago, detail = "") => ({ site, station, device: name, kind, state, detail, at_ms: NOW - ago });

function station(site, name, over = {}, devices = []) {
  return { site, station: name, status: "up", heard_ms: NOW - S, silent: false, computer: "dockline-agent/0.1.0 7f3a", waiting: 0, oldest_ms: null,
    last: 48211, through: 48211, acked: 118, down_waiting: 0, parked: 0, clock_offset_ms: 40, leases: 4, devices: devices.map((d) => device(site, name, ...d)), ...over };
}

export function stations() {
  const ok = [["left scanner", "scanner", "ready", H], ["printer", "printer", "ready", H]];
  const list = [
    station("venlo", "bench-7", { status: "down", heard_ms: NOW - 3 * D - 2 * H, silent: true, leases: 12 }, [["scanner", "scanner", "ready", 3 * D + 2 * H], ["printer", "printer", "ready", 3 * D + 2 * H]]),
    station("leipzig", "bench-11", { heard_ms: NOW - 6 * MIN, silent: true, waiting: 2, leases: 3 }, ok),
    station("leipzig", "bench-12", { status: "never", heard_ms: null, silent: true, through: 0, leases: 0 }),
    station("leipzig", "bench-9", { waiting: 2, oldest_ms: NOW - 3 * S, leases: 6 }, [["scanner", "scanner", "ready", H], ["ZD421", "printer", "paper_out", 4 * MIN, "media out"]]),
    station("leipzig", "bench-10", { waiting: 1, oldest_ms: NOW - 2 * S }, [["left scanner", "scanner", "gone", 40 * S], ["printer", "printer", "ready", H]]),
    station("leipzig", "bench-2", { waiting: 6, oldest_ms: NOW - 2 * S, clock_offset_ms: 41 * S }, ok),
    station("leipzig", "bench-4", { waiting: 3, oldest_ms: NOW - S, down_waiting: 2 }, ok),
  ];
  for (let i = 0; i < 31; i++) list.push(station(i % 3 ? "leipzig" : "venlo", `bench-${20 + i}`, { heard_ms: NOW - (1 + (i % 6)) * S, leases: i % 5, waiting: i % 9 === 0 ? 1 : 0 }, ok));
  return list;
}

/** Of three sites: GET /sites. Leipzig is open, Venlo is closed and dark, New York has not opened yet. */
export function sites() {
  const hour = (h, m = 0) => Date.UTC(2026, 10, 24, h, m);
  const one = (site, over) => ({ site, title: "", priority: 1, from: "nobody", version: null, problem: null, values: {}, capacity_per_day: null, waiting: 0, closed_today: 0, left_today: null, open_now: null, today: null,
    at_benches: 0, parcels: 0, skus: 0, pieces: 0, stations: { total: 0, heard: 0, silent: 0, never: 0 }, opens_ms: null, cut_off_ms: null, ...over });
  return [
    one("leipzig", { title: "Leipzig, Alte Messe", from: "people", version: "5f2ab1c0", values: { capacity_per_day: "400", closed: "2026-12-25 2026-12-26", "distance_km.other": "900", "handling_parcel_minor": "120", hazardous: "true", "hours.mon-fri": "08:00-16:30", "hours.sat": "09:00-12:00", time_zone: "Europe/Berlin", "zones.DE": "1", "zones.DE 0": "0" },
      capacity_per_day: 400, waiting: 143, closed_today: 219, left_today: 38, open_now: true, today: { opens_ms: hour(7), cut_off_ms: hour(15, 30) }, opens_ms: hour(7), cut_off_ms: hour(15, 30), at_benches: 31, parcels: 64, skus: 4812, pieces: 61204, stations: { total: 26, heard: 23, silent: 2, never: 1 } }),
    one("new-york", { priority: 3, from: "file", values: { time_zone: "America/New_York", "hours.mon-fri": "09:00-17:00" }, open_now: false, today: { opens_ms: hour(14), cut_off_ms: hour(22) }, opens_ms: hour(14), cut_off_ms: hour(22), waiting: 7, skus: null, pieces: null, stations: { total: 2, heard: 2, silent: 0, never: 0 } }),
    one("venlo", { priority: 2, problem: "time_zone: 'Europe/Venlo' is no time zone of this computer (Write one that it knows)", waiting: 12, at_benches: 12, skus: 203, pieces: 4120, stations: { total: 12, heard: 0, silent: 12, never: 0 } }),
    one("almere-depot-nord", { priority: 4, from: "people", version: "00c0ffee", values: { time_zone: "Europe/Amsterdam", "hours.mon": "08:00-16:00", capacity_per_day: "20" }, capacity_per_day: 20, waiting: 20, left_today: 0, open_now: false, opens_ms: hour(31), cut_off_ms: Date.UTC(2026, 10, 30, 15) }),
  ];
}

/** @param {string} fault */
export function backups(fault) {
  const configured = fault !== "none" && fault !== "no-backups";
  const late = fault === "late-backup" ? 5 * H : 0;
  const one = (ago, over = {}) => ({ made_ms: NOW - ago - late, file: `/srv/backup/server-2026-11-21-${ago / MIN}.db`, position: 103000 - ago / S, bytes: 214_000_000, state: "verified", took_ms: 1840, problem: "", ...over });
  return { configured, folder: configured ? "/srv/backup" : "", every_minutes: configured ? 60 : 0,
    items: configured ? [one(H / 2), one(2 * H, { state: "failed", problem: "/srv/backup is full" }), one(3 * H)] : [],
    risk: configured ? null : "No backups are configured: stations let go of facts as soon as this disk has them. If it dies, they are lost. Set folder in [backup] of the server's configuration." };
}

const CASES = [
  ["cancelled_after_pack", "shopify:RW-20866#DL4557", "Order RW-20866 was cancelled when its box was already closed", "Order RW-20866 was cancelled at 13:58:02. Bench 4 in Leipzig had counted 2 of 3 pieces by then; it heard of it 0.4 s later.",
    "Take the box out of the hand-over, open it and put the goods back.", ["put_back", "send_anyway"], 4 * MIN],
  ["store_restored", "venlo/bench-7", "venlo/bench-7 started from an older disk.", "Last heard Sat 12:04, 3 d 2 h ago. 41 pieces may already be packed there. Its 12 labels are bought.",
    "Wait until the line is back, or ask the site.", ["noted"], 2 * D + 23 * H],
  ["import_row", "orders-2026-11.csv:4711", "Line 4711 of orders-2026-11.csv names a SKU nobody knows", "SKU “KRA-K4-KIRSCH”, 2 pieces, order 536365. Nearest known: KRA-K4-KIR.",
    "Register the item or correct the line, then import the file again.", ["mended", "ignore"], 42 * MIN],
  ["dead_letter", "vendure:stock:ELB-KES-10-SW", "Vendure refuses the stock of a variant", "The variant of ELB-KES-10-SW is not in location 1. Told 31, refused 3 times with “stock location not found”.",
    "Assign the variant to the location in Vendure, then try again.", ["retry", "leave"], 71 * MIN],
  ["negative_stock", "KRA-K4-KIR@leipzig/shelf", "More was packed than the shelf held", "Hand grinder K4, cherry wood (KRA-K4-KIR) in Leipzig: the ledger says −1 since 13:20.",
    "Count the place and correct the stock.", ["counted", "noted"], 80 * MIN],
];

export function exceptions(state) {
  const rows = CASES.map(([kind, subject, what, context, proposed, actions, ago], i) => ({ id: `ex-${i + 1}`, kind, subject, what, context, proposed,
    raised_ms: NOW - ago, resolved_ms: null, action: "", by: "", actions }));
  for (let i = 0; i < 6; i++) rows.push({ ...rows[2], id: `ex-r${i}`, subject: `orders-2026-11.csv:${5000 + i}`, what: `Line ${5000 + i} of orders-2026-11.csv has a negative quantity`, raised_ms: NOW - (90 + i) * MIN });
  if (state !== "resolved") return rows;
  return rows.slice(0, 3).map((e) => ({ ...e, id: `${e.id}d`, resolved_ms: NOW - 20 * MIN, action: e.actions[0], by: "Milena Petrović", actions: [] }));
}
export const OPEN_CASES = 11;

export function decisions(subject = "shopify:RW-20853") {
  if (!orders().some((o) => o.id === subject)) return [];
  return [{ id: "d1", position: 5121, kind: "routing", subject, rule: "nearest with all pieces", version: 14, outcome: "allocated",
    reason: "Leipzig has all 6 pieces and the lowest priority number. Venlo lacks 1 of ELB-KES-10-SW and was not needed: an order is not split while one site has everything.",
    made_ms: NOW - 2 * H - 42 * MIN, candidates: [{ site: "leipzig", priority: 1, chosen: true, why: "has everything" }, { site: "venlo", priority: 2, chosen: false, why: "lacks 1 of ELB-KES-10-SW; one of its benches is silent for 3 d" }],
    inputs: [{ name: "atp leipzig NAG-F01-BR-100", value: "98", as_of_ms: NOW - 2 * H - 42 * MIN - 3 * S }, { name: "atp leipzig ELB-KES-10-SW", value: "23", as_of_ms: NOW - 2 * H - 42 * MIN - S },
      { name: "atp venlo ELB-KES-10-SW", value: "0", as_of_ms: NOW - 3 * D - 2 * H }], allocations: [{ line: 1, sku: "NAG-F01-BR-100", quantity: 2, site: "leipzig" }, { line: 2, sku: "ELB-KES-10-SW", quantity: 1, site: "leipzig" },
      { line: 3, sku: "HFN-ESP-1000", quantity: 1, site: "leipzig" }, { line: 4, sku: "KRA-K4-KIR", quantity: 1, site: "leipzig" }, { line: 5, sku: "QIN-JUG-600", quantity: 1, site: "leipzig" }] },
  { id: "d0", position: 5100, kind: "routing", subject, rule: "nearest with all pieces", version: 14, outcome: "backordered", reason: "No site has everything: leipzig lacks 1 of KRA-K4-KIR, venlo lacks 4 pieces.",
    made_ms: NOW - 2 * H - 55 * MIN, candidates: [{ site: "leipzig", priority: 1, chosen: false, why: "lacks 1 of KRA-K4-KIR" }], inputs: [], allocations: [] }];
}

export function decisionList() {
  return orders().slice(0, 60).map((o, i) => ({ ...decisions(o.id)[o.state === "backordered" ? 1 : 0], id: `d${i}`, subject: o.id, made_ms: o.updated_ms - 5 * MIN }));
}

export function channels() {
  const c = (channel, kind, over) => ({ channel, kind, url: `https://${channel}.example`, configured: true, waiting: 0, oldest_ms: null, dead: 0, circuit: "closed", detail: "", in_flight: 0, last_heard_ms: NOW - S, ...over });
  return [c("shopify", "webhook", { waiting: 2, oldest_ms: NOW - 400 }), c("vendure", "vendure", { waiting: 11, oldest_ms: NOW - 2100, dead: 1 }),
    c("marketplace", "webhook", { waiting: 38, oldest_ms: NOW - 3 * MIN, last_heard_ms: NOW - 6 * S }),
    c("webhook", "webhook", { waiting: 4, oldest_ms: NOW - 7 * MIN, circuit: "open", detail: "no answer 5 times, next try in 40 s", last_heard_ms: NOW - 9 * MIN })];
}

export function outbox() {
  const o = (id, channel, kind, subject, over) => ({ id, channel, kind, subject, state: "waiting", attempts: 0, express: false, created_ms: NOW - 3 * S, caused_ms: NOW - 3 * S, next_ms: NOW, last_error: "",
    payload: kind === "stock" ? { sku: subject, listing: "", location: "1", quantity: 31 } : { order: subject, number: subject.split(":")[1], tracking: "DL4557001234" }, ...over });
  return [o(1, "vendure", "stock", "KRA-K4-KIR", { express: true, payload: { sku: "KRA-K4-KIR", quantity: 0 } }), o(2, "vendure", "fulfilment", "vendure:27-11934-08812", { state: "sent", attempts: 1 }),
    o(3, "vendure", "stock", "ELB-KES-10-SW", { state: "dead", attempts: 3, created_ms: NOW - 71 * MIN, last_error: "stock location not found" }),
    o(4, "webhook", "stock", "HFN-ESP-1000", { attempts: 5, created_ms: NOW - 7 * MIN, next_ms: NOW + 40 * S, last_error: "connection refused" }),
    o(5, "marketplace", "stock", "QIN-JUG-600", { created_ms: NOW - 3 * MIN }), o(6, "shopify", "stock", "NAG-F01-BR-100", {})];
}

/** Confirmations of 24 h: what the lag plots are made of. */
export function confirmations() {
  const kinds = { shopify: [500, 800], vendure: [700, 1900], marketplace: [700, 95000] };
  const out = [];
  let position = 100000;
  const r = dice(4242);
  for (let at = NOW - D; at < NOW; at += 4 * MIN) {
    for (const [channel, [ours, theirs]] of Object.entries(kinds)) {
      const down = channel === "vendure" && at > NOW - 6 * H && at < NOW - 5 * H - 15 * MIN;
      if (down) continue;
      const after = channel === "vendure" && at > NOW - 5 * H - 15 * MIN && at < NOW - 4 * H - 30 * MIN ? 8 : 1;
      const o = ours * (0.4 + r()) ;
      const th = theirs * (0.6 + r() * 1.2) * after;
      out.push({ position: position++, id: `c${position}`, type: "dockline.channel.stock.confirmed.v1", source: "/server", subject: "NAG-F01-BR-100", correlation: "",
        time_ms: Math.round(at + o + th), heard_ms: Math.round(at + o + th), late: false,
        data: { channel, listing: "1", sku: "NAG-F01-BR-100", location: "", quantity: 104, caused_ms: at, sent_ms: Math.round(at + o) } });
    }
  }
  return out;
}

const fact = (n, type, ago, params, over = {}) => ({ position: 5100 + n, event: `0193-${n}`, at_ms: NOW - ago, heard_ms: NOW - ago + 400, late: false, type: `dockline.${type}.v1`, source: "/leipzig/bench-4", params, ...over });

/** Its way to the buyer, as orders::way() tells it. */
const steps = () => [["received", "done", NOW + H, null, NOW - 2 * H - 55 * MIN, ""],
  ["checked", "at_risk", NOW + H, null, null, "it is held until somebody releases it"], ["routed", "done", NOW + H, null, NOW - 2 * H - 42 * MIN, ""],
  ["packed", "at_risk", NOW + H + 11 * MIN, null, null, "14 orders go first at leipzig, one takes 11 min"],
  ["handed_over", "late", NOW + H + 11 * MIN, NOW + 25 * H, null, "last carrier in time leaves leipzig Wed 2026-09-23 16:30; it goes with that of Thu 2026-09-24 16:30"],
  ["delivered", "late", NOW + 2 * H + 27 * MIN, NOW + 49 * H, null, "24 h on the way by House standard"]]
  .map(([step, state, deadline_ms, predicted_ms, done_ms, why]) => ({ step, state, deadline_ms, predicted_ms, done_ms, why }));

/** news: facts that came meanwhile, [type, parameters, what of the order is otherwise] */
export function order(id, news = []) {
  const o = orders().find((x) => x.id === id);
  if (!o) return null;
  const label = { tracking: o.tracking, sscc: "003401230000000018", carrier: "House", service: "standard" };
  const work = { lease: "l1", epoch: 7 };
  const l = (line, sku, title, quantity, over) => ({ line, sku, title, quantity, open: 0, backordered: 0, allocated: 0, released: 0, packed: 0, shipped: 0, delivered: 0, cancelled: 0, returned: 0, counted: 0, missing: 0, site: "leipzig", unit_price_minor: 1490, ...over });
  const server = { source: "/server" };
  const found = { ...o, buyer: "c-4471", promised_ms: NOW + 2 * H + 27 * MIN, vip: true, fetched: false, held: o.state !== "allocated",
    holds: [{ reason: "doubt", about: "ship_to.street1", what: "The house number 114a is not known to the carrier.", proposal: "Ask the buyer, or amend the address; then release it.", by: "address check", since_ms: NOW - 9 * MIN, state: "open", ended_by: "", ended_why: "", ended_ms: null }],
    parts: [{ part: 2, line: 5, quantity: 1 }],
    merged: orders().filter((x) => x.id !== id).slice(0, 1).map((x) => ({ id: x.id, number: x.number })),
    forecast: { outlook: "at_risk", promised_ms: NOW + 2 * H + 27 * MIN, predicted_ms: NOW + 2 * H + 41 * MIN, worst: "pack", why: "Bench 4 takes 11 minutes an order at present and 14 orders are before it.", at_ms: NOW - 40 * S },
    steps: steps(),
    currency: "EUR", external_id: "gid/20853", carrier: "House", sscc: label.sscc,
    ship_to: { name: o.customer, street1: "Friedrich-Ebert-Straße 114a", postal_code: "42117", city: "Wuppertal", country: "DE" }, charges: [{ code: "POST", title: "Shipping", quantity: 1, unit_price_minor: 490 }],
    lines: [l(1, "NAG-F01-BR-100", "Paper filter size 01, brown", 2, { released: 2, counted: 1 }), l(2, "ELB-KES-10-SW", "Kettle “Elbe” 1.0 l, matt black", 1, { released: 1 }),
      l(3, "HFN-ESP-1000", "Espresso “Hafennacht” 1 kg, whole beans", 1, { released: 1, missing: 1 }), l(4, "KRA-K4-KIR", "Hand grinder K4, cherry wood", 1, { packed: 1 }), l(5, "QIN-JUG-600", "手冲咖啡分享壶 600 ml", 1, { packed: 1 })],
    timeline: [fact(1, "order.received", 2 * H + 55 * MIN, { order: id, channel: o.channel, number: o.number, lines: [{ line: 1, quantity: 2 }, { line: 2, quantity: 4 }] }, server),
      fact(2, "decision.made", 2 * H + 54 * MIN, { ...decisions(id)[1] }, server), fact(21, "decision.made", 2 * H + 42 * MIN, { ...decisions(id)[0] }, server),
      fact(3, "order.released", 2 * H + 41 * MIN, { order: id, work, site: "leipzig", station: "bench-4", label }, server),
      fact(22, "order.held", 50 * MIN, { order: id, reason: "doubt", about: "ship_to.street1", what: "The house number 114a is not known to the carrier.", proposal: "", by: "address check" }, server),
      fact(23, "order.forecast", 45 * MIN, { order: id, outlook: "at_risk", promised_ms: NOW + 2 * H + 27 * MIN, predicted_ms: NOW + 2 * H + 41 * MIN, worst: "pack", why: "14 orders are before it." }, server),
      fact(4, "pack.opened", 33 * MIN, { order: id, work }, { late: true, heard_ms: NOW - 3 * MIN }), fact(5, "pack.item.counted", 32 * MIN, { order: id, work, line: 4, sku: "KRA-K4-KIR", quantity: 1, barcode: "4006381333948" }),
      fact(6, "pack.short.noted", 31 * MIN, { order: id, work, line: 3, sku: "HFN-ESP-1000", quantity: 1 }), fact(61, "exception.raised", 31 * MIN, { exception: "ex-1", kind: "short", subject: id, what: "A piece is missing at bench 4." }, server),
      fact(7, "pack.item.counted", 12 * S, { order: id, work, line: 5, sku: "QIN-JUG-600", quantity: 1 }), fact(8, "pack.item.uncounted", 8 * S, { order: id, work, line: 1, sku: "NAG-F01-BR-100", quantity: 1 }),
      fact(9, "label.changed", 5 * S, { order: id, job: "j1", attempt: 1, state: "unknown", tracking: o.tracking }),
      fact(10, "pack.item.counted", 2 * S, { order: id, work, line: 1, sku: "NAG-F01-BR-100", quantity: 1 })].map((e, i) => ({ ...e, position: 5100 + i })),
    decisions: decisions(id) };
  news.forEach(([type, params, changes], i) => Object.assign(found, changes, { timeline: [...found.timeline, { ...fact(40 + i, type, 0, { order: id, ...params }, server), position: 5140 + i }] }));
  return found;
}

export function imports() {
  return [{ id: "imp-1", kind: "orders", file: "online-retail-10k.csv", state: "done", problem: "", started_ms: NOW - 90 * MIN, ended_ms: NOW - 89 * MIN, lines: 10000, done: 10000, orders: 9402, order_count: 462, cancellations: 214, adjustments: 31, items: 0, exceptions: 353, changes: 1120 },
    { id: "imp-2", kind: "stock", file: "stock.csv", state: "running", problem: "", started_ms: NOW - 4 * S, ended_ms: null, lines: 2000, done: 1300, orders: 0, order_count: 0, cancellations: 0, adjustments: 1290, items: 6, exceptions: 4, changes: 1290 }];
}
export const importRows = () => Array.from({ length: 70 }, (_, i) => ({ row: 17 + i * 31, outcome: "exception", subject: `ex-${i}`, why: i % 2 ? "quantity is negative and the number does not begin with C" : "no such SKU: 85123X" }));
