// Serves the station page as the agent does (same policy, same paths) with views from a test
// instead of a bench. Alone: `node tool/serve.mjs item-accepted [de] [dark]`.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { WebSocketServer } from "ws";
import { fixture, ROOT } from "./fixtures.mjs";

/** The policy of the real server, taken from its source so that the two cannot differ. */
function policy() {
  const source = readFileSync(path.join(ROOT, "shared/web/assets.hpp"), "utf8");
  const literal = /kContentSecurityPolicy =((?:\s*"[^"]*")+);/.exec(source)?.[1];
  if (!literal) throw new Error("shared/web/assets.hpp: no kContentSecurityPolicy found");
  return [...literal.matchAll(/"([^"]*)"/g)].map((m) => m[1]).join("");
}

/** @type {Record<string, string>} */
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".svg": "image/svg+xml; charset=utf-8",
};

/** @typedef {import("../../../agent/panel/web/types.js").View} View */

/** @param {Record<string, string>} [more] headers that the real server does not send */
export async function serve(port = 0, more = {}) {
  const csp = policy();
  let bytes = 0;
  /** @type {string[]} */
  const asked = [];
  /** @type {Map<string, number>} */
  const slow = new Map();
  const http = createServer(async (req, res) => {
    const name = new URL(req.url ?? "/", "http://x").pathname;
    const shared = name.startsWith("/shared/");
    const base = path.join(ROOT, shared ? "shared/web" : "agent/panel/web");
    const file = path.join(base, name === "/" ? "index.html" : shared ? name.slice(8) : name);
    await new Promise((done) => setTimeout(done, slow.get(name) ?? 0));
    try {
      if (!file.startsWith(base + path.sep)) throw new Error("outside");
      const body = readFileSync(file);
      const etag = `"${createHash("sha1").update(body).digest("hex")}"`;
      asked.push(name);
      if (req.headers["if-none-match"] === etag) {
        res.writeHead(304, { etag, "cache-control": "no-cache" }).end();
        return;
      }
      bytes += body.length;
      res.writeHead(200, {
        etag,
        "cache-control": "no-cache",
        "content-type": TYPES[path.extname(file)] ?? "application/octet-stream",
        "content-security-policy": csp,
        "x-content-type-options": "nosniff",
        ...more,
      });
      res.end(body);
    } catch {
      res.writeHead(404).end();
    }
  });
  const sockets = new WebSocketServer({ server: http, path: "/ws" });
  /** @type {View | null} */
  let view = null;
  let beating = true;
  /** @type {any[]} */
  const heard = [];
  const say = () => {
    for (const s of sockets.clients) if (view && beating) s.send(JSON.stringify(view));
  };
  sockets.on("connection", (s) => {
    s.on("message", (m) => heard.push(JSON.parse(String(m))));
    say();
  });
  const beat = setInterval(say, 1000);
  await new Promise((done) => http.listen(port, "127.0.0.1", () => done(null)));
  const at = /** @type {import("node:net").AddressInfo} */ (http.address());
  return {
    url: `http://127.0.0.1:${at.port}/`,
    heard,
    bytes: () => bytes,
    asked,
    /** Answers that take their time, in ms by path. */
    slow,
    /** @param {View} next */
    show: (next) => {
      view = next;
      beating = true;
      say();
    },
    /** The agent falls silent; the socket stays open. */
    silence: () => {
      beating = false;
    },
    /** The agent dies: no socket, no file. */
    die: () => {
      for (const s of sockets.clients) s.terminate();
      http.close();
      http.closeAllConnections();
    },
    close: () => {
      clearInterval(beat);
      for (const s of sockets.clients) s.terminate();
      http.close();
    },
  };
}

if (process.argv[1]?.endsWith("serve.mjs")) {
  const [state = "idle", ...options] = process.argv.slice(2);
  const server = await serve(8499);
  server.show(
    fixture(state, {
      lang: options.includes("de") ? "de" : "en",
      theme: options.includes("dark") ? "dark" : "light",
    }),
  );
  console.log(`${state}: ${server.url}  (Ctrl-C ends)`);
}
