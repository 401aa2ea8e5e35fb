// Decisions wait a moment here before they are sent, so that one press decides and can still be
// taken back (UI.md principle 12). Leaving the page sends what waits: nothing is lost.
import { ApiError, request } from "./api.js";
import { serverNow } from "./live.js";
import { habits, person } from "./session.js";
import { signal } from "./signal.js";

/**
 * @typedef {{id: string, what: string, action: string, path: string, body: any, state: "held" | "sending" | "done" | "failed",
 *   sendAt: number, doneAt: number, error: ApiError | null, seen?: string, write?: typeof request}} Hold sendAt: local clock; seen, write: as of an act
 */

/** @type {import("./signal.js").Signal<Map<string, Hold>>} */
export const holds = signal(new Map());
/** @type {Map<string, number>} */
const timers = new Map();

/** @param {string} id @param {Partial<Hold> | null} change null: forget it */
function change(id, change) {
  const next = new Map(holds.get());
  const old = next.get(id);
  if (!change) next.delete(id);
  else if (old) next.set(id, { ...old, ...change });
  holds.set(next);
}

/** @param {string} id @param {boolean} [leaving] */
async function send(id, leaving = false) {
  const hold = holds.get().get(id);
  clearTimeout(timers.get(id));
  if (!hold || hold.state !== "held") return;
  change(id, { state: "sending" });
  try {
    // Who leaves could not be told that it has changed: it goes out as it was decided.
    await (hold.write ?? request)("POST", hold.path, { json: hold.body, keepalive: leaving, seen: leaving ? "" : hold.seen });
    change(id, { state: "done", doneAt: serverNow() });
  } catch (e) {
    change(id, { state: "failed", error: e instanceof ApiError ? e : new ApiError("broken", String(e), "") });
  }
}

/** @param {{id: string, what: string, action: string, path: string, body: any, seen?: string, write?: typeof request}} act */
export function holdBack(act) {
  const wait = habits.get().holdSeconds * 1000;
  clearTimeout(timers.get(act.id));
  holds.set(new Map(holds.get()).set(act.id, { ...act, state: "held", sendAt: Date.now() + wait, doneAt: 0, error: null }));
  timers.set(act.id, window.setTimeout(() => void send(act.id), wait));
}

/** @param {{id: string, what: string}} exception @param {string} action */
export function decide(exception, action) {
  holdBack({ id: exception.id, what: exception.what, action, path: `/exceptions/${encodeURIComponent(exception.id)}/resolve`,
    body: { action, by: person.get() || "console" } });
}

/** @param {string} id */
export function takeBack(id) {
  const hold = holds.get().get(id);
  if (!hold || (hold.state !== "held" && hold.state !== "failed")) return;
  clearTimeout(timers.get(id));
  change(id, null);
}

/** The one that was pressed last and can still be taken back. */
export function takeBackLast() {
  const held = [...holds.get().values()].filter((h) => h.state === "held").sort((a, b) => b.sendAt - a.sendAt);
  if (held[0]) takeBack(held[0].id);
}

addEventListener("pagehide", () => {
  for (const h of holds.get().values()) if (h.state === "held") void send(h.id, true);
});
