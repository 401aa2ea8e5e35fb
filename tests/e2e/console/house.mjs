// A real Dockline on loopback: server with its broker, one agent with rigs below it, and a shop that
// takes webhooks. Everything it starts it stops, by its own handle.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "../tool/ports.mjs";

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../..");
export const BIN = process.env.DOCKLINE_BIN ?? path.join(ROOT, "build/release/bin");
export const built = () => existsSync(path.join(BIN, "dockline-server")) && existsSync(path.join(BIN, "dockline-agent"));

/**
 * @template T
 * @param {string} what
 * @param {() => Promise<T>} probe
 * @param {number} [ms]
 * @returns {Promise<T>}
 */
export async function until(what, probe, ms = 20000) {
  /** @type {unknown} */
  let seen;
  for (const end = Date.now() + ms; Date.now() < end; await new Promise((r) => setTimeout(r, 40))) {
    try {
      const v = await probe();
      if (v) return v;
      seen = v;
    } catch (e) {
      seen = e;
    }
  }
  throw new Error(`${what}: not seen within ${ms / 1000} s (last: ${seen})`);
}

export async function house() {
  const folder = mkdtempSync(path.join(tmpdir(), "dockline-console-"));
  const [web, broker, panel, printer, rig] = [await freePort(), await freePort(), await freePort(), await freePort(), await freePort()];
  /** @type {Map<string, import("node:child_process").ChildProcess>} */
  const running = new Map();
  const url = `http://127.0.0.1:${web}/`;
  const token = () => readFileSync(path.join(folder, "server/token"), "utf8").trim();

  /** @type {any[]} */
  const told = [];
  const shop = http.createServer(async (req, res) => {
    told.push(JSON.parse(await new Response(/** @type {any} */ (req)).text()));
    res.writeHead(200).end();
  }).listen(0, "127.0.0.1");
  await new Promise((r) => shop.once("listening", r));
  const shopPort = /** @type {import("node:net").AddressInfo} */ (shop.address()).port;

  /** @param {string} name @param {string} program @param {string[]} args */
  const start = (name, program, args) => {
    const log = openSync(path.join(folder, `${name}.log`), "a");
    running.set(name, spawn(program, args, { cwd: folder, stdio: ["ignore", log, log] }));
  };
  /** @param {string} name @param {NodeJS.Signals} [signal] */
  const stop = async (name, signal = "SIGTERM") => {
    const child = running.get(name);
    running.delete(name);
    if (!child || child.exitCode !== null) return;
    child.kill(signal);
    await new Promise((r) => child.once("exit", r));
  };

  writeFileSync(path.join(folder, "shop.secret"), "a secret of this test only\n", { mode: 0o600 });
  writeFileSync(path.join(folder, "server.toml"), `[server]
data_dir = "server"
http_listen = "127.0.0.1:${web}"
[broker]
listen = "127.0.0.1:${broker}"
${[["leipzig", 1], ["venlo", 2]].map(([s, p]) => `[[site]]\nname = "${s}"\npriority = ${p}\n`).join("")}
[[station]]
site = "leipzig"
name = "bench-4"
[[station]]
site = "venlo"
name = "bench-7"
[[channel]]
name = "shop"
kind = "webhook"
url = "http://127.0.0.1:${shopPort}/hook"
secret_file = "${path.join(folder, "shop.secret")}"
`);
  const at = path.join(folder, "bench-4");
  mkdirSync(at);
  writeFileSync(path.join(at, "agent.toml"), `[station]
site = "leipzig"
name = "bench-4"
title = "Bench 4"
data_dir = "${path.join(at, "data")}"
panel_listen = "127.0.0.1:${panel}"
[broker]
url = "tcp://127.0.0.1:${broker}"
user = "leipzig.bench-4"
password_file = "${path.join(folder, "server/broker/credentials/leipzig.bench-4")}"
[[scanner]]
name = "Scanner"
address = "pty://${path.join(at, "scanner")}"
[[printer]]
name = "Printer"
address = "tcp://127.0.0.1:${printer}"
`);

  /** @param {string} method @param {string} at @param {unknown} [body] */
  const call = async (method, at, body) => {
    const r = await fetch(`${url}api/v1${at}`, { method, headers: { authorization: `Bearer ${token()}`, "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body) });
    if (!r.ok) throw new Error(`${method} ${at}: ${r.status} ${await r.text()}`);
    return r.json();
  };
  const startServer = async () => {
    start("server", path.join(BIN, "dockline-server"), ["--config", path.join(folder, "server.toml")]);
    await until("server with its broker", async () => (await (await fetch(`${url}api/v1/health`)).json()).broker.up);
  };
  const startBench = async () => {
    start("rig", "python3", [path.join(ROOT, "tests/rigs/dockline_rig.py"), "--folder", path.join(at, "rig"), "--scanner", path.join(at, "scanner"),
      "--printer", `127.0.0.1:${printer}`, "--listen", `127.0.0.1:${rig}`, "--title", "Bench 4", "--page", `http://127.0.0.1:${panel}`,
      "--server", url.slice(0, -1), "--token-file", path.join(folder, "server/token"), "--site", "leipzig", "--station", "bench-4"]);
    await until("the rig", async () => (await fetch(`http://127.0.0.1:${rig}/state`)).ok);
    start("agent", path.join(BIN, "dockline-agent"), ["--config", path.join(at, "agent.toml")]);
    await until("the agent", async () => (await fetch(`http://127.0.0.1:${panel}/health`)).ok);
  };
  /** @param {string} text */
  const scan = async (text) => {
    await fetch(`http://127.0.0.1:${rig}/scan`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ text }) });
    await new Promise((r) => setTimeout(r, 500)); // a person: the same code within 0.4 s is one scan
  };
  return { folder, url, token, told, call, startServer, startBench, scan, stop, labels: async () => (await (await fetch(`http://127.0.0.1:${rig}/labels`)).json()).labels,
    close: async () => {
      for (const name of [...running.keys()].reverse()) await stop(name);
      shop.closeAllConnections();
      shop.close();
      rmSync(folder, { recursive: true, force: true });
    } };
}
