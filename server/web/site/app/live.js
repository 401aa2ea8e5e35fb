// The line to the server: one WebSocket that says what changed. It knows when the server was last
// heard, the server's clock, and tells the resources to fetch again.
import { signal } from "./signal.js";
import { signOut, token } from "./session.js";

/**
 * @typedef {{mode: "connecting" | "live" | "silent", heardAt: number, retryAt: number}} Line
 *   heardAt and retryAt: local clock; heardAt 0: never
 */

const SILENT_MS = 6000; // three heartbeats
const RETRY_MS = [500, 1000, 2000, 4000, 8000, 15000];

export const line = signal(/** @type {Line} */ ({ mode: "connecting", heardAt: 0, retryAt: 0 }));
export const lastChange = signal(0); // server's clock, ms; 0: none since this page opened
export const second = signal(0); // counts up once a second: ages are drawn again
export const position = signal(0); // of the event log

let offset = 0; // server's clock minus ours
let tries = 0;
/** @type {WebSocket | null} */
let socket = null;
let timer = 0;
/** @type {Set<(topics: string[]) => void>} */
const listeners = new Set();

/** The server's wall clock. While it is silent, the moment it was last heard: ages stand still. */
export function serverNow() {
  const l = line.get();
  return (l.mode === "silent" && l.heardAt ? l.heardAt : Date.now()) + offset;
}

/** @param {number} ms wall clock of the server, from any answer of it */
export function heardClock(ms) {
  if (ms > 0) offset = ms - Date.now();
  heard();
}

/** @param {(topics: string[]) => void} f called with ["*"] when everything may have changed */
export function onChanged(f) {
  listeners.add(f);
  return () => void listeners.delete(f);
}

/** @param {string[]} topics */
function tell(topics) {
  for (const f of [...listeners]) f(topics);
}

function heard() {
  const was = line.get().mode;
  tries = was === "live" ? tries : 0;
  line.set({ mode: "live", heardAt: Date.now(), retryAt: 0 });
  if (was === "silent") tell(["*"]);
}

/** @param {any} m */
function message(m) {
  heardClock(Number(m.now_ms ?? 0));
  if (Number.isFinite(m.position)) position.set(m.position);
  const changed = Array.isArray(m.changed) ? m.changed.map(String) : [];
  if (!changed.length) return;
  lastChange.set(serverNow());
  tell(changed);
}

function fallSilent() {
  const l = line.get();
  if (l.mode === "live") line.set({ ...l, mode: "silent" });
}

function retryLater() {
  const wait = RETRY_MS[Math.min(tries, RETRY_MS.length - 1)];
  tries += 1;
  clearTimeout(timer);
  timer = window.setTimeout(connect, wait);
  const l = line.get();
  line.set({ ...l, retryAt: Date.now() + wait });
}

/** Opens the socket now, whatever was planned. */
export function connect() {
  clearTimeout(timer);
  if (socket) {
    socket.onclose = null;
    socket.close();
  }
  if (!token.get()) return;
  const ws = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/api/v1/live`);
  socket = ws;
  ws.onopen = () => ws.send(JSON.stringify({ token: token.get() }));
  ws.onmessage = (e) => message(JSON.parse(e.data));
  ws.onclose = (e) => {
    socket = null;
    if (e.code === 4401 || e.code === 1008) return signOut();
    retryLater();
  };
}

export function startLive() {
  token.watch(() => {
    line.set({ mode: "connecting", heardAt: 0, retryAt: 0 });
    connect();
  });
  connect();
  setInterval(() => {
    const l = line.get();
    if (l.mode === "live" && Date.now() - l.heardAt > SILENT_MS) {
      fallSilent();
      if (socket) socket.close(); // a half-open line never closes by itself
    }
    if (!document.hidden) second.set(second.get() + 1);
  }, 1000);
  addEventListener("online", connect);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) second.set(second.get() + 1);
  });
}
