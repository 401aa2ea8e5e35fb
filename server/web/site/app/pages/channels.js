// Channels and the outbox: what waits, since when, what went wrong, and how long a change takes.
import { html, useMemo, useState } from "/shared/ui.js";
import { delay } from "/shared/age.js";
import { binned, ofChannel, quantile, useConfirmed } from "../latency.js";
import { serverNow } from "../live.js";
import { Age, Card, Clock, Empty, Failure, Head, Part, Tag, Timed } from "../parts.js";
import { usePaged } from "../paged.js";
import { LagPlot, TARGET_MS } from "../plot.js";
import { BY_TIME_MS, useResource } from "../resource.js";
import { href } from "../router.js";
import { Paging, Table, Waiting } from "../table.js";
import { dur, language, num, t } from "../words.js";
import { Drift } from "./drift.js";

const STUCK_MS = 5 * 60 * 1000;

/** @param {any} c @param {import("../latency.js").Confirmed[]} all */
function figures(c, all) {
  const mine = ofChannel(all, c.channel);
  const lang = language.get().lang;
  const oldest = c.waiting > 0 && c.oldest_ms ? serverNow() - c.oldest_ms : 0;
  const q = (/** @type {number} */ share, /** @type {(x: any) => number} */ of) => (mine.length ? quantile(mine.map(of), share) : null);
  return { ...c, mine, oldest,
    stuck: c.circuit === "open" || oldest > STUCK_MS, half: q(0.5, (x) => x.total), most: q(0.95, (x) => x.total),
    ours: q(0.95, (x) => x.ours), theirs: q(0.95, (x) => x.theirs), say: (/** @type {number | null} */ ms) => (ms === null ? t("channel.none") : delay(ms, lang)) };
}

/** @param {{c: any, table: boolean}} props */
function Lag({ c, table }) {
  const now = serverNow();
  const made = useMemo(() => binned(c.mine, now), [c.mine.length, Math.floor(now / 60000)]);
  const last = c.mine[c.mine.length - 1];
  const aside = last ? html`${t("plot.step", { step: dur(made.step) })}, <${Timed} id="plot.last" at=${last.at} />` : null;
  if (!last)
    return html`<${Card} title=${c.channel} cls="plot"><${Empty} icon="channels" title=${t("plot.none")} text=${t("plot.none_why")} /><//>`;
  if (table)
    return html`<${LagTable} c=${c} made=${made} />`;
  return html`<${Card} title=${c.channel} aside=${aside} cls="plot"><${LagPlot} name=${c.channel} points=${made.points}
    step=${made.step} from=${made.from} now=${now} half=${c.half} most=${c.most} /><//>`;
}

/** @param {{c: any, made: ReturnType<typeof binned>}} props the same points as figures, newest first */
function LagTable({ c, made }) {
  const lang = language.get().lang;
  const cols = [{ label: t("plot.until") }, { label: t("plot.changes"), right: true }, { label: t("plot.half_short"), right: true },
    { label: t("plot.most_short"), right: true }];
  const rows = [...made.points].reverse().slice(0, 24);
  return html`<${Table} label=${c.channel} cols=${cols} cls="c-lag" total=${rows.length} first=${1}
    before=${html`<header><h2>${c.channel}</h2><span class="age">${t("plot.target", { target: delay(TARGET_MS, lang) })}</span></header>`}
    rows=${rows.map((p) => ({ key: String(p.at), cells: [html`<${Clock} at=${p.at + made.step / 2} />`, num(p.n), delay(p.half, lang), delay(p.most, lang)] }))} />`;
}

/** @param {any} c */
function state(c) {
  if (c.circuit === "open") return html`<${Tag} tone="stop">${t("channel.resting")}<//>`;
  if (c.circuit === "half_open") return html`<${Tag} tone="ask">${t("channel.trying")}<//>`;
  if (!c.configured) return html`<${Tag} tone="ask">${t("channel.gone")}<//>`;
  if (c.dead > 0) return html`<${Tag} tone="ask">${t("channel.refused", { n: c.dead })}<//>`;
  if (c.oldest > STUCK_MS) return html`<${Tag} tone="ask">${t("channel.behind")}<//>`;
  return html`<${Tag} tone=${c.waiting ? "wait" : "ok"}>${c.waiting ? t("channel.sending") : t("channel.all_told")}<//>`;
}

/** @param {{list: any[]}} props */
function ChannelTable({ list }) {
  const cols = [{ label: t("channel.channel") }, { label: t("channel.state") }, { label: t("channel.waiting"), right: true },
    { label: t("channel.oldest"), right: true }, { label: t("channel.ours"), right: true }, { label: t("channel.theirs"), right: true },
    { label: t("channel.heard"), right: true }];
  return html`<${Table} label=${t("nav.channels")} cols=${cols} cls="c-ch" total=${list.length} first=${1} labels
    rows=${list.map((c) => ({ key: c.channel, cells: [
      html`<a class="clip" href=${href("orders", "", { channel: c.channel })}>${c.channel}</a><span class="s m clip">${c.kind}${c.url ? `, ${c.url}` : ""}</span>`,
      html`${state(c)}${c.detail ? html`<span class="s m block">${c.detail}</span>` : null}`,
      num(c.waiting), c.waiting && c.oldest ? dur(c.oldest, true) : t("channel.none"), c.say(c.ours), c.say(c.theirs),
      html`<${Age} at=${c.last_heard_ms} never="age.never" />`] }))} />`;
}

/** @param {any} r */
function outboxState(r) {
  if (r.state === "dead") return { tone: "stop", text: t("outbox.dead") };
  if (r.state === "sent") return { tone: "wait", text: t("outbox.sent") };
  if (r.last_error) return { tone: "ask", text: t("outbox.again", { age: dur(Math.max(0, (r.next_ms ?? 0) - serverNow())), n: r.attempts }) };
  return { tone: "wait", text: t(r.express ? "outbox.express" : "outbox.waiting") };
}

function Outbox() {
  const list = usePaged("/outbox", {}, ["outbox", "channels"], (r) => String(r.id));
  const cols = [{ label: t("outbox.what") }, { label: t("channel.channel") }, { label: t("channel.state") }, { label: t("outbox.since"), right: true }];
  if (!list.res.data && !list.rows.length) return html`<div class="card"><${Part} res=${list.res} rows=${4} draw=${() => null} /></div>`;
  if (!list.rows.length)
    return html`<${Card} title=${t("outbox.title")}><p class="pad m"><${Timed} id="outbox.empty" at=${list.res.at} /></p><//>`;
  return html`<${Table} label=${t("outbox.title")} cols=${cols} cls="c-out" total=${list.total} first=${list.first}
    before=${html`<header><h2>${t("outbox.title")}</h2></header>`}
    rows=${list.rows.map((r) => {
      const s = outboxState(r);
      return { key: String(r.id), dim: r.gone, cells: [
        html`<a class="clip" href=${href(r.kind === "stock" ? "stock" : "orders", r.kind === "stock" ? r.payload?.sku ?? r.subject : r.payload?.order ?? r.subject)}>
          ${t(`outbox.kind_${r.kind}`, { subject: r.subject, n: r.payload?.quantity ?? 0 })}</a><span class="s m clip"><bdi>${r.subject}</bdi></span>`,
        html`<span class="clip">${r.channel}</span>`,
        html`<${Tag} tone=${r.gone ? "ok" : s.tone}>${r.gone ? t("outbox.gone") : s.text}<//>${r.last_error && !r.gone ? html`<span class="s m block two-lines">${r.last_error}</span>` : null}`,
        html`<${Age} at=${r.created_ms} />`] };
    })}
    end=${html`<${Paging} ...${list} shown=${list.rows.length}><${Waiting} list=${list} /><//>`} />`;
}

export function Page() {
  const res = useResource("/channels", ["channels", "outbox"], BY_TIME_MS);
  const confirmed = useConfirmed();
  const [table, setTable] = useState(false);
  if (!res.data) return html`<h1>${t("nav.channels")}</h1><div class="card"><${Part} res=${res} rows=${6} draw=${() => null} /></div>`;
  const list = (res.data.items ?? []).map((/** @type {any} */ c) => figures(c, confirmed.list));
  if (!list.length)
    return html`<h1>${t("nav.channels")}</h1><div class="card"><${Empty} icon="channels" title=${t("channel.no_channel")}
      text=${t("channel.no_channel_do")} /></div>`;
  const stuck = list.filter((/** @type {any} */ c) => c.stuck).length;
  const slow = list.filter((/** @type {any} */ c) => !c.stuck && c.most !== null && c.most > TARGET_MS).length;
  return html`<${Head} title=${t("channel.title", { slow, stuck })} sub=${t("channel.sub")}>
      <div class="acts push"><button type="button" class="btn" aria-pressed=${String(table)} onClick=${() => setTable(!table)}>
        ${t(table ? "plot.as_plot" : "plot.as_table")}</button></div><//>
    ${confirmed.error ? html`<div class="card apart"><${Failure} error=${confirmed.error} at=${confirmed.at} /></div>` : null}
    <div class="grid"><div class="grid plots">${list.map((/** @type {any} */ c) => html`<${Lag} key=${c.channel} c=${c} table=${table} />`)}</div>
      <${ChannelTable} list=${list} /><${Outbox} />${list.map((/** @type {any} */ c) => html`<${Drift} key=${c.channel} channel=${c.channel} />`)}</div>
    ${res.error && res.error.kind !== "network" ? html`<${Failure} error=${res.error} at=${res.at} again=${res.again} />` : null}`;
}
