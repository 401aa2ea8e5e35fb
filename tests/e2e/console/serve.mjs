// The console's own files under the product's policy, and an HTTP API with the fixtures. What a
// test wants to see broken is switched by server.fault: silent, slow, parts, empty.
//   node console/serve.mjs [port]      then open http://127.0.0.1:8481/#token=test
import { readFileSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { WebSocketServer } from "ws";
import * as fx from "./fixtures.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../..");
const site = path.join(root, "server/web/site");
const shared = path.join(root, "shared/web");
const types = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".json": "application/json", ".svg": "image/svg+xml" };
// The policy is the product's: read from its source, so that both stay one.
export const policy = [...readFileSync(path.join(shared, "assets.hpp"), "utf8").split("kContentSecurityPolicy =")[1].split(";\n")[0].matchAll(/"([^"]*)"/g)].map((m) => m[1]).join("");
export const TOKEN = "test";

/** @param {any[]} rows @param {URLSearchParams} q @param {(row: any) => string} keyOf */
function page(rows, q, keyOf) {
  const limit = Number(q.get("limit") ?? 50);
  const after = q.get("after");
  const from = after ? rows.findIndex((r) => keyOf(r) === after) + 1 : 0;
  const items = rows.slice(from, from + limit);
  return { items, next: from + limit < rows.length ? keyOf(items[items.length - 1]) : null, total: rows.length };
}

/** @param {string} url @param {any} world */
function answer(url, world) {
  const u = new URL(url, "http://x");
  const q = u.searchParams;
  const p = u.pathname.replace("/api/v1", "").split("/").slice(1).map(decodeURIComponent);
  const has = (/** @type {any[]} */ ...texts) => texts.some((t) => String(t).toLowerCase().includes((q.get("q") ?? "").toLowerCase()));
  const { orders, exceptions, fault } = world;
  const empty = fault === "empty";
  const all = empty ? [] : orders;
  const count = (/** @type {string} */ s) => all.filter((/** @type {any} */ o) => o.state === s).length;
  switch (p[0]) {
    case "summary": return { now_ms: fx.NOW, orders: { ...Object.fromEntries(["open", "backordered", "allocated", "released", "packed", "cancelled"].map((s) => [s, count(s)])), total: all.length },
      exceptions_open: empty ? 0 : exceptions.length, stations: empty ? { total: 0, heard: 0 } : { total: 38, heard: 35 }, waiting: empty ? 0 : 17, outbox: empty ? { waiting: 0, oldest_ms: null, dead: 0 } : { waiting: 55, oldest_ms: fx.NOW - 420000, dead: 1 }, items: 72, events: 103000, last_change_ms: fx.NOW - 1000 };
    case "orders": return p[1] ? fx.order(p[1]) : page(all.filter((/** @type {any} */ o) => (!q.get("state") || o.state === q.get("state")) && (!q.get("channel") || o.channel === q.get("channel")) && has(o.number, o.customer, o.tracking)), q, (o) => o.id);
    case "stock": return p[1] ? fx.stockOf(p[1]) : page(empty ? [] : fx.stock().filter((s) => has(s.sku, s.title)), q, (s) => s.sku);
    case "stations": return { items: empty ? [] : fx.stations() };
    case "exceptions": return page(empty ? [] : q.get("state") === "resolved" ? fx.exceptions("resolved") : exceptions, q, (e) => e.id);
    case "decisions": return page(empty ? [] : q.get("subject") ? fx.decisions(q.get("subject") ?? "") : fx.decisionList(), q, (d) => d.id);
    case "backups": return fx.backups(fault === "empty" ? "none" : fault);
    case "channels": return { items: empty ? [] : fx.channels() };
    case "outbox": return { ...page(empty ? [] : fx.outbox(), q, (o) => String(o.id)), channels: [] };
    case "events": return page(q.get("type") ? empty ? [] : fx.confirmations().filter((e) => e.position > Number(q.get("after") ?? 0)) : (fx.order("shopify:RW-20853")?.timeline ?? []).filter((e) => e.position > Number(q.get("after") ?? 0)).map((e) => ({ ...e, id: e.event, data: e.params })),
      new URLSearchParams({ limit: "10000" }), (e) => String(e.position));
    case "imports": return p[2] ? page(fx.importRows(), q, (r) => String(r.row)) : p[1] ? fx.imports().find((i) => i.id === p[1]) ?? null : { items: empty ? [] : fx.imports() };
    default: return null;
  }
}

const error = (/** @type {string} */ code, /** @type {string} */ detail, /** @type {string} */ remedy) => ({ code, detail, remedy });

/** @param {{port?: number}} [o] */
export async function serve(o = {}) {
  const world = { orders: fx.orders(), exceptions: /** @type {any[]} */ (fx.exceptions("open")), fault: "", posts: /** @type {any[]} */ ([]), bytes: 0, bytesCode: 0, sockets: /** @type {Set<any>} */ (new Set()) };
  let busy = 0;
  let last = Date.now();
  const server = http.createServer(async (req, res) => {
    const url = req.url ?? "/";
    busy += 1;
    res.on("close", () => { busy -= 1; last = Date.now(); });
    if (!url.startsWith("/api/")) return file(url.split("?")[0], res);
    if (world.fault === "silent") return void res.socket?.destroy();
    if (req.headers.authorization !== `Bearer ${TOKEN}`) return json(res, 401, error("unauthorized", "the token is missing or wrong", "send the token of the server's data folder"));
    if (world.fault === "slow") return; // never answers
    if (world.fault === "parts" && /stations|channels/.test(url)) return json(res, 503, error("busy", "the database is busy", "try again in a moment"));
    if (req.method === "POST") {
      const body = await new Response(/** @type {any} */ (req)).text();
      world.posts.push({ url, body });
      const m = /exceptions\/([^/]+)\/resolve/.exec(url);
      if (m) world.exceptions = world.exceptions.filter((e) => e.id !== decodeURIComponent(m[1]));
      return json(res, url.includes("/imports") ? 202 : 200, url.includes("/imports") ? { import: "imp-2", created: true } : { id: "x", created: true });
    }
    const data = answer(url, world);
    json(res, data ? 200 : 404, data ?? error("not_found", "no such thing", "look at the list"));
  });
  const json = (/** @type {http.ServerResponse} */ res, /** @type {number} */ status, /** @type {any} */ body) => {
    const text = JSON.stringify(body);
    world.bytes += text.length;
    res.writeHead(status, { "content-type": "application/json" }).end(text);
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
