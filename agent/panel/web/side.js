// Band 3, right: the order and how far it is, or the next collections; the last actions.
import { html } from "/shared/ui.js";
import { brief } from "./figures.js";
import { Icon } from "./parts.js";

/**
 * @typedef {import("./types.js").Desk} Desk
 * @typedef {import("./types.js").View} View
 * @typedef {import("./types.js").Action} Action
 */

const SEGMENTS_MOST = 24;

/** One segment a piece up to 24, above that one bar. @param {{order: import("./types.js").Order, desk: Desk}} props */
function Progress({ order, desk }) {
  const { pieces_done: done, pieces_short: short, pieces_total: total } = order;
  const says = desk.words.text("ui.progress", { done, total, short });
  if (total <= SEGMENTS_MOST) {
    const look = (/** @type {number} */ i) => (i < done ? "on" : i >= total - short ? "short" : "");
    return html`<div class="seg" role="img" aria-label=${says}>
      ${Array.from({ length: total }, (_, i) => html`<i class=${look(i)}></i>`)}
    </div>`;
  }
  return html`<div class="long-bar">
    <svg viewBox="0 0 1000 40" preserveAspectRatio="none" aria-hidden="true">
      <rect class="track" x="2" y="2" width="996" height="36" />
      <rect class="on" x="0" y="0" width=${(1000 * done) / total} height="40" />
      <rect class="short" x=${1000 - (1000 * short) / total} y="0" width=${(1000 * short) / total} height="40" />
    </svg>
    <span>${says}</span>
  </div>`;
}

/** @param {{order: import("./types.js").Order, desk: Desk}} props */
function OrderCard({ order, desk }) {
  const { words, figures, now } = desk;
  const place = [order.city, order.weight_g ? figures.weight(order.weight_g) : ""];
  return html`<div class="order">
    <div class=${order.number.length > 14 ? "no long clip" : "no clip"}><bdi>${order.number}</bdi></div>
    <div class="clip name">${order.customer || "–"}</div>
    <div class="clip name">${place.filter(Boolean).join(" · ") || "–"}</div>
    <div class="clip">
      <b>${order.carrier || "–"}</b>${order.due_ms
        ? ` · ${words.text("ui.leaves", { due: figures.hm(order.due_ms, now) })}`
        : ""}
    </div>
    <${Progress} order=${order} desk=${desk} />
  </div>`;
}

/** @param {{view: View, desk: Desk}} props */
function Collections({ view, desk }) {
  if (view.body.kind !== "queue" || !view.body.next?.length) return null;
  const { words, figures, now } = desk;
  return html`<h2>${words.text("ui.next")}</h2>
    <ul class="picks">
      ${view.body.next.slice(0, 2).map((c) => {
        const left = figures.span(Math.abs((c.due_ms ?? 0) - now));
        const id = c.due_ms && c.due_ms < now ? "ui.next_late" : "ui.next_in";
        return html`<li key=${c.carrier + c.due_ms}>
          <b>${c.due_ms ? figures.hm(c.due_ms, now) : "–"}</b>
          <span class="clip">${c.due_ms ? words.text(id, { carrier: c.carrier, left }) : c.carrier}</span>
          <b>${words.number(c.orders)}</b>
        </li>`;
      })}
    </ul>`;
}

/** @param {Action} a @param {Desk} desk @param {(name: string) => any} [asName] */
function actionWords(a, { words }, asName = (n) => n) {
  const id = words.has(`act.${a.kind}`) ? `act.${a.kind}` : "act.other";
  /** @type {Record<string, any>} */
  const p = { number: "none", cage: "none", what: "none" };
  for (const [k, v] of Object.entries(a.p ?? {})) if (v !== "" && v !== null) p[k] = v;
  if (p.what !== "none")
    p.what = words.has(`cmd.${p.what}`) ? words.text(`cmd.${p.what}`) : brief(String(p.what), 40);
  if (typeof p.title === "string") p.title = asName(brief(p.title, 40));
  return words.parts(id, p);
}

/** @param {{a: Action, desk: Desk, send: (m: object) => void}} props */
function ActionRow({ a, desk, send }) {
  const says = actionWords(a, desk).join("");
  const named = actionWords(a, desk, (n) => html`<span class="name">${n}</span>`);
  const gives = a.kind === "shorted" || a.kind === "tallied" || a.kind.startsWith("count");
  return html`<li>
    <span class=${`${gives ? "give" : "clip"} ${a.refused ? "no" : ""}`}>${named}</span>
    ${a.undo
      ? html`<button
          type="button"
          aria-label=${desk.words.text("ui.undo_this", { what: says })}
          onClick=${(/** @type {any} */ e) => {
            send({ do: "undo", action: a.id });
            e.currentTarget.blur();
          }}
        >
          <${Icon} id="m-back" />
        </button>`
      : html`<i></i>`}
    <span class="age">${desk.figures.span(desk.now - a.at_ms)}</span>
  </li>`;
}

/** @param {{view: View, desk: Desk, send: (m: object) => void}} props */
export function Side({ view, desk, send }) {
  const rows = view.actions.slice(0, view.order ? 3 : 5);
  return html`${view.order
      ? html`<${OrderCard} order=${view.order} desk=${desk} />`
      : html`<${Collections} view=${view} desk=${desk} />`}
    <h2>${desk.words.text("ui.last")}</h2>
    <ul class="acts">
      ${rows.length
        ? rows.map((a) => html`<${ActionRow} key=${a.id} a=${a} desk=${desk} send=${send} />`)
        : html`<li key="none"><span class="muted">${desk.words.text("ui.last_none")}</span></li>`}
    </ul>`;
}
