// The console's own files under the product's policy, and an HTTP API with the fixtures. What a
// test wants to see broken is switched by server.fault: silent, slow, parts, empty.
//   node console/serve.mjs [port]      then open http://127.0.0.1:8481/#token=test
import { readFileSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { WebSocketServer } from "ws";
import * as fx from "./fixtures.mjs";
import { backorders, counts, countTasks, decision, deliveries, derivation, drift, kits, parcels, policies, proposals, purchases, quality, search, suppliers, supplies, suspects, today, transfers, waitingParcels, whatIf } from "./overview.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../..");
const site = path.join(root, "server/web/site");
const shared = path.join(root, "shared/web");
const types = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".json": "application/json", ".svg": "image/svg+xml" };
// The policy is the product's: read from its source, so that both stay one.
export const policy = [...readFileSync(path.join(shared, "assets.hpp"), "utf8").split("kContentSecurityPolicy =")[1].split(";\n")[0].matchAll(/"([^"]*)"/g)].map((m) => m[1]).join("");
export const TOKEN = "test";
export const TAG = '"41-0ff1ce"'; // of every answer but an order
/** Of an order the newest fact is named, as the server does. @param {any} order */
export const tagOf = (order) => `"${order.timeline.at(-1).position}-0ff1ce"`;
const ROWS_MAX = 200; // kPageRowsMax of shared/base/limits.hpp

/** A page of a list that is made when it is looked at. @param {{length: number, at: (i: number) => any}} many @param {URLSearchParams} q */
function slice(many, q) {
  const from = (q.get("after") ? Number(q.get("after")?.replace(/\D/g, "")) + 1 : 0) + Number(q.get("skip") ?? 0);
  const n = Math.max(0, Math.min(Number(q.get("limit") ?? 50), many.length - from));
  const items = Array.from({ length: n }, (_, i) => many.at(from + i));
  return { items, next: from + n < many.length ? items[n - 1].id : null, total: many.length };
}

/** @param {any[]} rows @param {URLSearchParams} q @param {(row: any) => string} keyOf */
function page(rows, q, keyOf) {
  const limit = Number(q.get("limit") ?? 50);
  const after = q.get("after");
  const from = (after ? rows.findIndex((r) => keyOf(r) === after) + 1 : 0) + Number(q.get("skip") ?? 0);
  const items = rows.slice(from, from + limit);
  return { items, next: from + limit < rows.length ? keyOf(items[items.length - 1]) : null, total: rows.length };
}

/** The log: confirmations by type, one order's facts by subject, else facts by position. @param {URLSearchParams} q @param {boolean} empty */
function events(q, empty) {
  const after = Number(q.get("after") ?? 0);
  const limit = Number(q.get("limit") ?? 50);
  const facts = fx.order("shopify:RW-20853")?.timeline ?? [];
  // The order's own page asks by the places of its timeline, the log counts from 1.
  const rows = q.get("type") ? fx.confirmations() : facts.map((e, i) => ({ ...e, position: after >= 5000 ? e.position : i + 1, id: e.event, data: e.params,
    subject: "shopify:RW-20853", correlation: "", time_ms: e.at_ms }));
  const behind = (empty ? [] : rows).filter((e) => e.position > after);
  return { items: behind.slice(0, q.get("type") ? 10000 : limit), next: null, total: empty ? 0 : rows.length };
}

/** @param {string} url @param {any} world */
function answer(url, world) {
  const u = new URL(url, "http://x");
  const q = u.searchParams;
  const p = u.pathname.replace("/api/v1", "").split("/").slice(1).map(decodeURIComponent);
  const has = (/** @type {any[]} */ ...texts) => texts.some((t) => String(t).toLowerCase().includes((q.get("q") ?? "").toLowerCase()));
  const { orders, exceptions, fault, news } = world;
  const empty = fault === "empty";
  const all = empty ? [] : orders;
  const count = (/** @type {string} */ s) => all.filter((/** @type {any} */ o) => o.state === s).length;
  switch (p[0]) {
    case "summary": return { now_ms: fx.NOW, orders: { ...Object.fromEntries(["open", "backordered", "allocated", "released", "packed", "shipped", "delivered", "returned", "cancelled"].map((s) => [s, count(s)])), total: all.length },
      exceptions_open: empty ? 0 : exceptions.length, stations: empty ? { total: 0, heard: 0 } : { total: 38, heard: 35 }, waiting: empty ? 0 : 17, outbox: empty ? { waiting: 0, oldest_ms: null, dead: 0 } : { waiting: 55, oldest_ms: fx.NOW - 420000, dead: 1 }, items: 72, events: 103000, last_change_ms: fx.NOW - 1000 };
    case "deliveries": return p[1] ? deliveries().find((d) => d.delivery === p[1]) ?? null : page(empty ? [] : deliveries(), q, (d) => d.delivery);
    case "handovers": return p[1] ? { items: empty ? [] : waitingParcels(), next: null } : page(empty ? [] : parcels(q.get("state")), q, (d) => d.box);
    case "backorders": return { items: empty ? [] : backorders(), next: null };
    case "suppliers": return { items: empty ? [] : suppliers(), next: null };
    case "supplies": return page(empty ? [] : supplies(q.get("supplier")), q, (y) => y.sku);
    case "transfers": return p[1] === "proposals" ? { items: empty ? [] : proposals(), next: null } : p[1] ? transfers().find((d) => d.transfer === p[1]) ?? null : page(empty ? [] : transfers(), q, (d) => d.transfer);
    case "purchases": return p[1] ? purchases().find((d) => d.purchase === p[1]) ?? null : page(empty ? [] : purchases(), q, (d) => d.purchase);
    case "data-quality": return empty ? { ...quality(), items: [] } : quality();
    case "counts": return p[1] === "suspects" ? empty ? { items: [] } : suspects() : p[1] === "tasks" ? page(empty ? [] : countTasks(), q, (d) => d.task) : page(empty ? [] : counts(), q, (d) => String(d.position));
    case "today": return today(orders, exceptions, empty);
    case "search": return search(q.get("q") ?? "", empty ? [] : orders, empty ? [] : exceptions, Number(q.get("limit") ?? 20));
    case "orders": return world.many && !p[1] ? slice(world.many, q) : p[1] ? fx.order(p[1], news) : page(all.filter((/** @type {any} */ o) => (!q.get("state") || o.state === q.get("state")) && (!q.get("channel") || o.channel === q.get("channel")) && (!q.get("outlook") || /[14]$/.test(o.number) === (q.get("outlook") === "late")) && (!q.get("held") || /7$/.test(o.number)) && has(o.number, o.customer, o.tracking)), q, (o) => o.id);
    case "kits": return page(empty ? [] : kits(), q, (k) => k.sku);
    case "stock": return p[1] === "policies" ? page(policies(q.get("sku"), q.get("site"), q.get("channel")), q, (r) => String(r.position)) : p[2] === "derivation" ? derivation(p[1]) : p[2] === "history" ? fx.stockHistory(p[1], q) : p[2] === "lots" ? { items: fx.lots(p[1]), next: null } : p[1] && q.get("at") ? fx.stockAt(p[1], Number(q.get("at"))) : p[1] ? fx.stockOf(p[1]) : page(empty ? [] : fx.stock().filter((s) => has(s.sku, s.title)), q, (s) => s.sku);
    case "sites": return p[1] ? fx.sites().find((s) => s.site === p[1]) ?? null : { items: empty ? [] : fx.sites(), next: null };
    case "stations": return { items: empty ? [] : fx.stations() };
    case "exceptions": return page((empty ? [] : q.get("state") === "resolved" ? fx.exceptions("resolved") : exceptions).filter((/** @type {any} */ e) => !q.get("kind") || e.kind === q.get("kind")), q, (e) => e.id);
    case "decisions": if (!p[1] && q.get("site")) {
        // One page looks through twenty of them, as the server through a thousand.
        const all = fx.decisionList().filter((d) => !q.get("outcome") || d.outcome === q.get("outcome"));
        const from = q.get("after") ? Number(q.get("after")) : 0;
        return { items: all.slice(from, from + 20).filter((d) => d.allocations.some((/** @type {any} */ a) => a.site === q.get("site"))), next: from + 20 < all.length ? String(from + 20) : null, total: null };
      }
      return p[1] ? decision(p[1]) : page(q.get("outcome") ? fx.decisionList().filter((d) => d.outcome === q.get("outcome")) : empty ? [] : q.get("subject") ? fx.decisions(q.get("subject") ?? "") : fx.decisionList(), q, (d) => d.id);
    case "backups": return fx.backups(fault === "empty" ? "none" : fault);
    case "channels": return p[2] === "drift" ? page(drift(p[1]), q, (d) => d.sku) : { items: empty ? [] : fx.channels() };
    case "outbox": return { ...page(empty ? [] : fx.outbox(), q, (o) => String(o.id)), channels: [] };
    case "events": return events(q, empty);
    case "imports": return p[2] ? page(fx.importRows(), q, (r) => String(r.row)) : p[1] ? fx.imports().find((i) => i.id === p[1]) ?? null : { items: empty ? [] : fx.imports() };
    default: return null;
  }
}

const error = (/** @type {string} */ code, /** @type {string} */ detail, /** @type {string} */ remedy) => ({ code, detail, remedy });

/** @param {{port?: number}} [o] */
export async function serve(o = {}) {
  const world = { orders: fx.orders(), exceptions: /** @type {any[]} */ (fx.exceptions("open")), fault: "", news: /** @type {any[]} */ ([]), many: /** @type {any} */ (null), posts: /** @type {any[]} */ ([]), bytes: 0, bytesCode: 0, slow: /** @type {Map<string, number>} answers of files that take their time, ms by path */ (new Map()), sockets: /** @type {Set<any>} */ (new Set()) };
  let busy = 0;
  let last = Date.now();
  const server = http.createServer(async (req, res) => {
    const url = req.url ?? "/";
    busy += 1;
    res.on("close", () => { busy -= 1; last = Date.now(); });
    if (world.slow.size) await new Promise((done) => setTimeout(done, world.slow.get(url.split("?")[0]) ?? 0));
    if (!url.startsWith("/api/")) return file(url.split("?")[0], res);
    if (world.fault === "silent") return void res.socket?.destroy();
    if (req.headers.authorization !== `Bearer ${TOKEN}`) return json(res, 401, error("unauthorized", "the token is missing or wrong", "send the token of the server's data folder"));
    if (world.fault === "slow") return; // never answers
    if (world.fault === "parts" && /stations|channels|sites/.test(url)) return json(res, 503, error("busy", "the database is busy", "try again in a moment"));
    if (req.method === "POST" || req.method === "PATCH" || req.method === "PUT") {
      const body = await new Response(/** @type {any} */ (req)).text();
      world.posts.push({ url, body, seen: req.headers["if-match"] ?? "", fresh: req.headers["if-none-match"] ?? "" });
      if (world.fault === "changed") return json(res, 412, error("changed", "it has changed since", "GET it, look at what is new, and send its ETag as If-Match"));
      const order = req.headers["if-match"] && /^\/api\/v1\/orders\/([^/]+)/.exec(url);
      const known = order && fx.order(decodeURIComponent(order[1]), world.news);
      if (known && tagOf(known) !== req.headers["if-match"]) return json(res, 412, error("changed", "it has changed since", "GET it, look at what is new, and send its ETag as If-Match"));
      if (world.fault === "refused") return json(res, 422, { ...error("refused", "hours.mon: '8-16' are no hours", "Write 08:00-16:30"), place: "values.hours.mon" });
      if (url.includes("/routing/what-if")) return json(res, 200, whatIf());
      const m = /exceptions\/([^/]+)\/resolve/.exec(url);
      if (m) world.exceptions = world.exceptions.filter((e) => e.id !== decodeURIComponent(m[1]));
      return json(res, url.includes("/imports") ? 202 : 200, url.includes("/imports") ? { import: "imp-2", created: true } : { id: "x", created: true });
    }
    const limit = Number(new URL(url, "http://x").searchParams.get("limit") ?? 50);
    if (limit > ROWS_MAX) return json(res, 400, error("bad_query", `query parameter limit='${limit}' is no whole number in range`, `Give 1 to ${ROWS_MAX}`));
    const table = /\/export\/(\w+)\.csv$/.exec(url);
    if (table && world.fault === "no-export") return json(res, 503, error("busy", "the database is busy", "try again in a moment"));
    if (table) return void res.writeHead(200, { "content-type": "text/csv" }).end(`"${table[1]}","quantity"\r\n"Kettle ""Elbe"", 1 l","31"\r\n`);
    const data = answer(url, world);
    json(res, data ? 200 : 404, data ?? error("not_found", "no such thing", "look at the list"));
  });
  const json = (/** @type {http.ServerResponse} */ res, /** @type {number} */ status, /** @type {any} */ body) => {
    const text = JSON.stringify(body);
    world.bytes += text.length;
    res.writeHead(status, { "content-type": "application/json", etag: body?.timeline ? tagOf(body) : TAG }).end(text);
  };
  const file = (/** @type {string} */ url, /** @type {http.ServerResponse} */ res) => {
    const name = url === "/" ? "/index.html" : url;
    const place = name.startsWith("/shared/") ? path.join(shared, name.slice(7)) : path.join(site, name);
    try {
      if (name.includes("..")) throw new Error("no");
      const bytes = readFileSync(place);
      world.bytes += bytes.length;
      world.bytesCode += bytes.length;
      res.writeHead(200, { "content-type": `${types[/** @type {keyof typeof types} */ (path.extname(place))] ?? "text/plain"}; charset=utf-8`, "content-security-policy": policy }).end(bytes);
    } catch {
      res.writeHead(404, { "content-security-policy": policy }).end("not found");
    }
  };
  const live = new WebSocketServer({ server, path: "/api/v1/live" });
  live.on("connection", (ws) => {
    if (world.fault === "silent") return ws.terminate();
    ws.once("message", (m) => {
      if (JSON.parse(String(m)).token !== TOKEN) return ws.close(4401);
      world.sockets.add(ws);
      ws.send(JSON.stringify({ changed: [], position: 103000, now_ms: fx.NOW }));
    });
    ws.on("close", () => world.sockets.delete(ws));
  });
  // The fixtures stand still, so does their clock: each heartbeat names the same moment.
  const beat = setInterval(() => tell([]), 2000);
  const tell = (/** @type {string[]} */ changed) => {
    if (world.fault === "silent") return;
    for (const ws of world.sockets) ws.send(JSON.stringify({ changed, position: 103000, now_ms: fx.NOW }));
  };
  await new Promise((done) => server.listen(o.port ?? 0, "127.0.0.1", () => done(null)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { world, tell, url: `http://127.0.0.1:${port}/`,
    /** Until nothing was asked for a moment: the page has all it wants. */
    quiet: async () => { do await new Promise((r) => setTimeout(r, 30)); while (busy > 0 || Date.now() - last < 120); },
    cut: () => { world.fault = "silent"; for (const ws of world.sockets) ws.terminate(); },
    stop: () => { clearInterval(beat); for (const ws of live.clients) ws.terminate(); live.close(); server.closeAllConnections(); server.close(); } };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const s = await serve({ port: Number(process.argv[2] ?? 8481) });
  console.log(`${s.url}#token=${TOKEN}`);
}
