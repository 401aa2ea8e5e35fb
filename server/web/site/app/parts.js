// Small pieces that every page is made of.
import { html, useEffect, useState } from "/shared/ui.js";
import { clock } from "/shared/age.js";
import { line, second, serverNow } from "./live.js";
import { useSignal } from "./signal.js";
import { dur, language, T, t } from "./words.js";

/** @typedef {"" | "ok" | "wait" | "ask" | "stop"} Tone */

/** @param {{name: string}} props */
export const Icon = ({ name }) =>
  html`<svg aria-hidden="true"><use href=${`/icons.svg#${name}`} /></svg>`;

/** @type {Record<string, string>} each tone has its own shape */
const TONE_ICONS = { "": "dots", ok: "tick", wait: "wait", ask: "ask", stop: "stop" };

/** @param {{tone: Tone, icon?: string, children?: any}} props */
export const Tag = ({ tone, icon, children }) =>
  html`<span class=${`tag ${tone}`}><${Icon} name=${icon ?? TONE_ICONS[tone]} />
    <span>${children}</span></span>`;

/** Draws the component once a second, and when the line to the server changes. */
export function useTick() {
  useSignal(second);
  return useSignal(line);
}

/**
 * @param {number} at
 * @param {boolean} [fine] seconds of minutes too
 */
export function ageParams(at, fine) {
  const now = serverNow();
  const silent = line.get().mode === "silent";
  return {
    live: silent ? "no" : "yes",
    age: dur(now - at, fine),
    clock: clock(at, now, language.get().lang),
  };
}

/**
 * How old a figure is. While the server is silent an age would grow without meaning: it becomes the
 * clock time.
 * @param {{at: number | null | undefined, never?: string}} props
 */
export function Age({ at, never }) {
  useTick();
  if (!at) return html`<span class="age">${t(never ?? "age.never")}</span>`;
  const p = ageParams(at);
  return html`<time class="age" dateTime=${new Date(at).toISOString()} title=${p.clock}>
    ${p.live === "yes" ? t("age.ago", { age: p.age }) : p.clock}</time>`;
}

/**
 * A sentence that holds an age: its message gets {live}, {age} and {clock} of `at`.
 * @param {{id: string, at: number, fine?: boolean} & Record<string, any>} props
 */
export function Timed({ id, at, fine, ...rest }) {
  useTick();
  return html`<${T} id=${id} ...${rest} ...${ageParams(at, fine)} />`;
}

/** @param {{at: number}} props the moment itself, as a clock says it */
export const Clock = ({ at }) =>
  html`<time dateTime=${new Date(at).toISOString()}>
    ${clock(at, serverNow(), language.get().lang)}</time>`;

/**
 * Pieces of an order as one bar; each part has its own pattern, and the words say the same.
 * @param {{parts: [string, number][], label: string, tall?: boolean}} props
 */
export const Bar = ({ parts, label, tall }) =>
  html`<div class=${tall ? "stackbar" : "units"} role="img" aria-label=${label}>
    ${parts.filter((p) => p[1] > 0).map(([kind, n]) =>
      html`<i key=${kind} class=${`b-${kind}`} style=${{ flex: n }}></i>`)}
  </div>`;

/** @param {{chips: {id: string, label: any, on: boolean, pick: () => void}[], label: string}} props */
export const Chips = ({ chips, label }) =>
  html`<div class="chips push scrollx" role="group" aria-label=${label}>
    ${chips.map((c) => html`<button key=${c.id} type="button" class="chip" aria-pressed=${String(c.on)}
      onClick=${c.pick}>${c.label}</button>`)}
  </div>`;

/** @param {{title: any, sub?: any, children?: any}} props head of a page */
export function Head({ title, sub, children }) {
  return html`<div class="head"><div class="headline"><h1>${title}</h1>
    ${sub ? html`<p class="m">${sub}</p>` : null}</div>${children}</div>`;
}

/** @param {{title?: any, aside?: any, cls?: string, children?: any}} props */
export const Card = ({ title, aside, cls, children }) =>
  html`<section class=${`card ${cls ?? ""}`}>
    ${title ? html`<header><h2>${title}</h2>${aside ? html`<span class="age">${aside}</span>` : null}
    </header>` : null}${children}</section>`;

/** @param {{icon: string, title: any, text?: any, children?: any}} props */
export const Empty = ({ icon, title, text, children }) =>
  html`<div class="empty"><${Icon} name=${icon} /><h2>${title}</h2>
    ${text ? html`<p class="m">${text}</p>` : null}
    ${children ? html`<div class="acts">${children}</div>` : null}</div>`;

/** 0 below 200 ms, 1 below 2 s, 2 beyond. @param {number} since local clock; 0: not waiting */
export function useSlow(since) {
  const [, draw] = useState(0);
  useEffect(() => {
    if (!since) return;
    const timers = [200, 2000].map((ms) => setTimeout(() => draw((n) => n + 1), since + ms - Date.now() + 5));
    return () => timers.forEach(clearTimeout);
  }, [since]);
  const waited = since ? Date.now() - since : 0;
  return waited >= 2000 ? 2 : waited >= 200 ? 1 : 0;
}

/** @param {{error: import("./api.js").ApiError, at: number, again?: () => void}} props */
export function Failure({ error, at, again }) {
  return html`<div class="failure" role="status"><${Icon} name="ask" /><div>
    <b>${t(`failed.${error.kind}`)}</b>
    ${error.kind === "network" || error.kind === "changed" ? null : html`<div class="s">${error.message} ${error.remedy}</div>`}
    ${at ? html`<div class="s"><${Timed} id="failed.shown_from" at=${at} /></div>` : null}</div>
    ${again ? html`<button type="button" class="btn" onClick=${again}>${t("act.try_now")}</button>` : null}
  </div>`;
}

/**
 * The part of a page that shows one resource: still skeletons while it is awaited, its own failure
 * beside its last figures, the rest of the page lives.
 * @param {{res: import("./resource.js").Resource, rows?: number, draw: (data: any) => any}} props
 */
export function Part({ res, rows, draw }) {
  const slow = useSlow(res.data ? 0 : res.waitingSince);
  const mode = useSignal(line).mode;
  if (!res.data && res.error)
    return html`<${Failure} error=${res.error} at=${0} again=${res.again} />`;
  if (!res.data)
    return slow === 0 ? null : html`<div class="pad skel" aria-busy="true">
      ${Array.from({ length: rows ?? 3 }, (_, i) => html`<i key=${i}></i>`)}
      ${slow === 2 ? html`<p class="m s" role="status">${t("loading.slow")}</p>` : null}</div>`;
  return html`${draw(res.data)}
    ${res.error && mode === "live" && res.error.kind !== "network"
      ? html`<${Failure} error=${res.error} at=${res.at} again=${res.again} />` : null}`;
}

/** Marks where `q` stands in `text`. @param {{text: string, q: string}} props */
export function Marked({ text, q }) {
  const at = q ? text.toLocaleLowerCase().indexOf(q.toLocaleLowerCase()) : -1;
  if (at < 0) return text;
  return html`${text.slice(0, at)}<mark>${text.slice(at, at + q.length)}</mark>${text.slice(at + q.length)}`;
}
