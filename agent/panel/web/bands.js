// Bands 1, 4 and 5: top line, commands, devices and server.
import { html } from "/shared/ui.js";
import { capital } from "./figures.js";
import { Icon } from "./parts.js";

/**
 * @typedef {import("./types.js").Desk} Desk
 * @typedef {import("./types.js").View} View
 * @typedef {import("./types.js").Device} Device
 */

/** @param {{view: View | null, sound: string, desk: Desk}} props */
export function TopLine({ view, sound, desk }) {
  const { words, figures, now } = desk;
  if (!view) return html`<header class="top"><span class="brand"><${Icon} id="brand" />Dockline</span></header>`;
  const { bench } = view;
  const workflow = `ui.workflow.${bench.workflow}`;
  return html`<header class="top">
    <span class="brand"><${Icon} id="brand" />${bench.name}</span>
    <span class="muted clip">${bench.site}</span>
    <span class="sep"></span>
    <b>${words.has(workflow) ? words.text(workflow) : bench.workflow}</b>
    ${bench.person && html`<span class="sep"></span><span class="clip">${bench.person}</span>`}
    <span class="push muted">${words.text("ui.closed_today", { n: view.closed_today })}</span>
    <span class="sep"></span>
    <span class="snd">
      <${Icon} id="m-snd" />
      <span class="unseen">${words.text("ui.sound", { name: "" })}</span>
      ${view.sound_off ? words.text("ui.sound_off") : sound}
    </span>
    <span class="sep"></span>
    <b>${figures.hm(now, now)}</b>
  </header>`;
}

/**
 * Six places that never move; the empty ones stay empty.
 * @param {{commands: (string | null)[], hot: string | null, typed: string, desk: Desk,
 *   send: (m: object) => void}} props
 */
export function Commands({ commands, hot, typed, desk, send }) {
  const { words } = desk;
  return html`<nav class="cmds" aria-label=${words.text("ui.area.commands")}>
    ${[0, 1, 2, 3, 4, 5].map((i) => {
      const name = commands[i];
      if (!name) return html`<i class="slot" key=${i}></i>`;
      return html`<button
        key=${i}
        type="button"
        class=${name === hot ? "cmd hot" : "cmd"}
        aria-keyshortcuts=${`Alt+${i + 1}`}
        onClick=${(/** @type {any} */ e) => {
          send({ do: "command", command: name });
          e.currentTarget.blur();
        }}
      >
        <${Icon} id="bars" />
        <span class="clip">
          <b class="clip">${words.text(`cmd.${name}`)}</b>
          <span class="clip does">${words.text(`cmd.${name}.does`)}</span>
        </span>
      </button>`;
    })}
    ${typed &&
    html`<div class="typed">
      <b class="clip">${typed}</b>
      <span class="clip muted">${words.text("ui.typed")}</span>
    </div>`}
  </nav>`;
}

/** @type {Record<string, string>} */
const DEVICE_ICON = { scanner: "d-scan", scale: "d-scale", printer: "d-print" };
const TROUBLE = { bad: 0, warn: 1, ok: 2 };
const PLACES = 3;

/** Three places: troubled devices get one for sure, and keep the order of the bench. @param {Device[]} all */
export function shown(all) {
  if (all.length <= PLACES) return all;
  const worst = [...all].sort((a, b) => TROUBLE[a.sev] - TROUBLE[b.sev]).slice(0, PLACES);
  return all.filter((d) => worst.includes(d));
}

/** @param {Device} d @param {Desk} desk */
function stateWords(d, { words, figures }) {
  if (d.state === "ready" && d.weight_g !== undefined)
    return words.text("dev.weight", { weight: figures.scale(d.weight_g), steady: d.steady ? "yes" : "no" });
  if (d.state === "ready" && d.labels_left !== undefined)
    return words.text("dev.labels_left", { n: d.labels_left });
  const id = `dev.state.${d.state}`;
  return words.text(words.has(id) ? id : "dev.state.not_ready", { kind: d.kind });
}

/** @param {{d: Device, lost: boolean, desk: Desk}} props */
function DeviceCell({ d, lost, desk }) {
  const { words, figures, now } = desk;
  const age = d.heard_ms ? words.text("ui.ago", { age: figures.span(now - d.heard_ms) }) : "";
  return html`<div class=${`dev ${lost ? "dead" : d.sev === "ok" ? "" : d.sev}`} title=${d.detail || null}>
    <${Icon} id=${DEVICE_ICON[d.kind] ?? "d-scan"} />
    <div class="clip">
      <span class="who"><span class="clip">${d.name ? capital(d.name) : words.text(`dev.${d.kind}`)}</span><span>${age}</span></span>
      <b class="clip">${lost ? words.text("dev.state.unknown") : stateWords(d, desk)}</b>
    </div>
  </div>`;
}

/** @param {View} view @param {Desk} desk @returns {[string, string]} */
function syncWords(view, { words, figures, now }) {
  const { sync } = view;
  const heard = sync.heard_ms ? figures.span(now - sync.heard_ms) : "";
  const first = !heard
    ? words.text("sync.never")
    : words.text(sync.up ? "sync.heard" : "sync.silent", { age: heard });
  const { waiting, received } = sync;
  if (view.body.kind === "full") return [first, words.text("sync.refusing", { waiting })];
  if (sync.room === "full") return [first, words.text("sync.full", { waiting })];
  if (sync.room === "warn" && sync.kept && sync.kept_most) {
    const percent = Math.floor((sync.kept * 100) / sync.kept_most);
    return [first, words.text("sync.filling", { percent, waiting })];
  }
  if (!sync.up) return [first, words.text("sync.saved", { waiting })];
  if (waiting > 0 && sync.oldest_ms)
    return [sync.catching_up ? words.text("sync.catching_up") : first, words.text("sync.behind", { waiting, age: figures.span(now - sync.oldest_ms) })];
  return [first, words.text("sync.counts", { waiting, received })];
}

/** @param {{view: View | null, lost: boolean, heard_ms: number, desk: Desk}} props */
export function Strip({ view, lost, heard_ms, desk }) {
  const { words, figures, now } = desk;
  const devices = view ? shown(view.devices) : [];
  const blanks = Math.max(0, PLACES - devices.length);
  const [first, second] =
    view && !lost
      ? syncWords(view, desk)
      : [
          words.text("sync.unknown"),
          heard_ms
            ? words.text("sync.last_heard", {
                at: figures.hms(heard_ms, now),
                age: figures.span(now - heard_ms),
              })
            : words.text("dev.state.unknown"),
        ];
  const severe = lost || !view ? "dead" : view.body.kind === "full" ? "bad" : view.sync.sev === "ok" ? "" : view.sync.sev;
  return html`<footer class="strip" aria-label=${words.text("ui.area.strip")}>
    ${devices.map((d) => html`<${DeviceCell} key=${d.id} d=${d} lost=${lost} desk=${desk} />`)}
    ${Array.from({ length: blanks }, (_, i) => html`<div class="dev" key=${`blank${i}`}></div>`)}
    <div class=${`dev ${severe}`} key="sync">
      <${Icon} id=${view?.sync.up && !lost ? "d-sync" : "d-cut"} />
      <div class="clip">
        <span class="who"><span class="clip">${first}</span></span>
        <b class="clip">${second}</b>
      </div>
    </div>
  </footer>`;
}
