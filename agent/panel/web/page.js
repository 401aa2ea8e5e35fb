// The station page: five bands of fixed height, drawn whole from one view.
import { html } from "/shared/ui.js";
import { Commands, Strip, TopLine } from "./bands.js";
import { announce, Banner } from "./banner.js";
import { sentence } from "./sentences.js";
import { Side } from "./side.js";
import { Frozen, Work } from "./work.js";

/**
 * @typedef {import("./types.js").View} View
 * @typedef {import("./types.js").Desk} Desk
 */

/** Drawn by the page alone while it hears nothing. @param {View | null} view @param {number} heard_ms @returns {View} */
function lostView(view, heard_ms) {
  const nothing = /** @type {any} */ ({ body: { kind: "none" }, devices: [], actions: [] });
  return {
    ...(view ?? nothing),
    banner: { id: "agent-lost", tone: "stop", p: { since_ms: heard_ms } },
    count: null,
  };
}

/**
 * @param {{view: View | null, lost: boolean, heard_ms: number, typed: string, desk: Desk,
 *   send: (m: object) => void}} props heard_ms: station time of the last message, or of the start
 */
export function Page({ view, lost, heard_ms, typed, desk, send }) {
  if (!view && !lost) return null;
  const shown = lost ? lostView(view, heard_ms) : /** @type {View} */ (view);
  const says = sentence(shown, desk, (n) => html`<span class="name">${n}</span>`);
  const { id, p } = shown.banner;
  const state = lost ? "lost" : `${id}|${JSON.stringify(p)}|${shown.sound_seq}`;
  announce(state, says.tone, `${says.do}. ${says.saidText}. ${says.how}`);
  const { words } = desk;
  const whole = lost || shown.body.kind === "sheet";
  return html`<div class="page" data-tone=${says.tone} data-state=${id}>
    <${TopLine} view=${view} sound=${lost ? "stop" : shown.sound} desk=${desk} />
    <main>
      <${Banner} says=${says} beat=${lost ? "lost" : `${id}${shown.sound_seq}`} count=${shown.count} desk=${desk} />
      <section class=${whole ? "work whole" : "work"} aria-label=${words.text("ui.area.work")}>
        <div class="panel">
          ${lost
            ? html`<${Frozen} view=${view} desk=${desk} />`
            : html`<${Work} view=${shown} desk=${desk} send=${send} />`}
        </div>
        ${!whole &&
        html`<div class="panel" role="group" aria-label=${words.text("ui.area.side")}>
          <${Side} view=${shown} desk=${desk} send=${send} />
        </div>`}
      </section>
      <${Commands}
        commands=${lost ? [] : shown.commands}
        hot=${shown.hot}
        typed=${lost ? "" : typed}
        desk=${desk}
        send=${send}
      />
    </main>
    <${Strip} view=${view} lost=${lost} heard_ms=${view ? heard_ms : 0} desk=${desk} />
  </div>`;
}
