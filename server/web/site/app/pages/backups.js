// Backups: when the newest was made and looked at, where it lies, and what it means when there is none.
import { html } from "/shared/ui.js";
import { Age, Empty, Head, Icon, Part, Tag, Timed, useTick } from "../parts.js";
import { BY_TIME_MS, useResource } from "../resource.js";
import { Table } from "../table.js";
import { dur, num, t } from "../words.js";
import { serverNow } from "../live.js";

const MINUTE_MS = 60000;
const LATE_FACTOR = 2; // the newest may be twice as old as one is wanted

/** The newest that was read through and is whole. @param {any} d */
const newestGood = (d) => d.items.find((/** @type {any} */ b) => b.state === "verified");

/** @param {any} d */
function isLate(d) {
  const good = newestGood(d);
  return !good || serverNow() - good.made_ms > LATE_FACTOR * d.every_minutes * MINUTE_MS;
}

/** What is at risk, in the words of `dockline backup list`. @param {{d: any}} props */
export function Risk({ d }) {
  useTick();
  if (!d.configured)
    return html`<div class="card failure" role="status"><${Icon} name="ask" /><div>${t("backup.risk")}</div></div>`;
  if (!isLate(d)) return null;
  const good = newestGood(d);
  return html`<div class="card failure" role="status"><${Icon} name="ask" /><div>${good
    ? html`<${Timed} id="backup.late" at=${good.made_ms} every=${dur(d.every_minutes * MINUTE_MS)} />`
    : t("backup.none_good")}</div></div>`;
}

const columns = () => [
  { label: t("backup.made") }, { label: t("backup.state") }, { label: t("backup.events"), right: true },
  { label: t("backup.size"), right: true }, { label: t("backup.file") },
];

/** @param {any} b */
const cells = (b) => [
  html`<${Age} at=${b.made_ms} />`,
  html`<${Tag} tone=${b.state === "verified" ? "ok" : "stop"}>${t("backup.is", { state: b.state })}<//>
    ${b.problem ? html`<span class="s m block">${b.problem}</span>` : null}`,
  num(b.position),
  t("backup.mb", { n: Math.max(1, Math.round(b.bytes / 1e6)) }),
  html`<span class="two-lines">${b.file}</span>`,
];

/** @param {{d: any}} props */
const List = ({ d }) => (d.items.length
  ? html`<${Table} label=${t("nav.backups")} cols=${columns()} cls="c-bak" total=${d.items.length} first=${1} labels
      rows=${d.items.map((/** @type {any} */ b) => ({ key: `${b.made_ms} ${b.file}`, cells: cells(b) }))} />`
  : html`<div class="card"><${Empty} icon="backups" title=${t("backup.none")} text=${d.configured ? t("backup.none_yet") : undefined} /></div>`);

export function Page() {
  const res = useResource("/backups", ["backups"], BY_TIME_MS);
  const d = res.data;
  return html`<${Head} title=${t("nav.backups")} sub=${d?.configured
      ? t("backup.sub", { every: dur(d.every_minutes * MINUTE_MS), folder: d.folder }) : undefined} />
    ${d ? html`<${Risk} d=${d} /><${List} d=${d} />`
      : html`<div class="card"><${Part} res=${res} rows=${4} draw=${() => null} /></div>`}`;
}
