// The event log, newest first: every fact as it was recorded. By place it is read at any depth; of one
// type it is read forward from the start.
import { html } from "/shared/ui.js";
import { get, query } from "../api.js";
import { chosen, Filters } from "../filters.js";
import { Age, Card, Empty, Head, Part, Timed } from "../parts.js";
import { useResource } from "../resource.js";
import { href } from "../router.js";
import { PAGE_ROWS, useRows } from "../rows.js";
import { num, t, title } from "../words.js";
import { ListOr } from "../vlist.js";
import { placeOf } from "./timeline.js";

const SUBJECT_ROWS = 200;

/** "dockline.pack.opened.v1" -> "pack.opened" @param {string} type */
const shortType = (type) => type.replace(/^dockline\./, "").replace(/\.v\d+$/, "");

const columns = () => [{ label: t("events.position"), right: true }, { label: t("events.type") }, { label: t("decision.subject") }, { label: t("events.source") }, { label: t("decision.when"), right: true }];

/** @param {any} e */
const cells = (e) => [num(e.position), html`<a class="clip" tabindex="-1" href=${href("events", String(e.position))}>${shortType(e.type)}</a>`,
  html`<span class="clip"><bdi>${e.subject}</bdi></span>`, html`<span class="clip m">${placeOf(e.source) || title(e.source.replace(/^\//, ""))}</span>`, html`<${Age} at=${e.heard_ms} />`];

/** Pages from the newest backwards: the log's places have no gaps. */
function backwards() {
  let top = -1;
  return async (/** @type {{page: number, fresh: boolean}} */ { page, fresh }) => {
    if (top < 0 || fresh) top = Math.max(top, Number((await get(`/events${query({ after: 0, limit: 1 })}`)).total ?? 0));
    const last = top - page * PAGE_ROWS;
    const n = Math.max(0, Math.min(PAGE_ROWS, last));
    const answer = n ? await get(`/events${query({ after: String(last - n), limit: n })}`) : { items: [] };
    return { items: answer.items.slice(0, n).reverse(), next: last - n > 0 ? String(page) : null, total: top };
  };
}

function All() {
  const list = useRows("/events", {}, [], (e) => String(e.position), backwards());
  return html`<${Head} title=${t("nav.events")} sub=${t("events.sub")}><div class="acts push"><button type="button" class="btn" onClick=${() => list.show()}>${t("events.newest")}</button></div><//>
    <${ListOr} label=${t("nav.events")} cols=${columns()} cls="c-ev" list=${list} cells=${cells} to=${(/** @type {any} */ e) => href("events", String(e.position))}
    empty=${() => html`<div class="card"><${Empty} icon="events" title=${t("events.none")} /></div>`} />`;
}

/** Of one order, item or station. @param {{subject: string}} props */
function OfSubject({ subject }) {
  const list = useRows("/events", { subject }, ["events"], (e) => String(e.position),
    async () => { const a = await get(`/events${query({ subject, limit: SUBJECT_ROWS })}`); return { items: [...a.items].reverse(), next: null, total: a.items.length }; });
  return html`<${ListOr} label=${t("nav.events")} cols=${columns()} cls="c-ev" list=${list} cells=${cells} to=${(/** @type {any} */ e) => href("events", String(e.position))}
    empty=${() => html`<div class="card"><${Empty} icon="events" title=${t("events.none_of", { subject })} /></div>`} />`;
}

/** @param {{position: string}} props the fact as the log has it */
function Fact({ position }) {
  const res = useResource(`/events${query({ after: String(Number(position) - 1), limit: 1 })}`, []);
  const e = res.data?.items?.[0];
  return html`<${Head} title=${t("events.one", { n: Number(position) })} sub=${html`<a href=${href("events")}>${t("nav.events")}</a>`} />
    ${e ? html`<${Card} title=${shortType(e.type)} aside=${html`<${Timed} id="age.at" at=${e.heard_ms} />`}><div class="pad"><p>${e.subject ? html`<a href=${href("events", "", { subject: e.subject })}><bdi>${e.subject}</bdi></a>` : null}
        <span class="m">${placeOf(e.source)}</span></p><pre class="fact" tabindex="0">${JSON.stringify(e, null, 2)}</pre></div><//>`
      : html`<div class="card"><${Part} res=${res} rows=${5} draw=${() => html`<${Empty} icon="events" title=${t("events.none")} />`} /></div>`}`;
}

/** @param {{id: string, params: URLSearchParams}} props */
export function Page({ id, params }) {
  if (id) return html`<${Fact} key=${id} position=${id} />`;
  const now = chosen(params, ["subject"]);
  if (!now.subject) return html`<${All} />`;
  return html`<${Head} title=${t("nav.events")} sub=${now.subject}><${Filters} page="events" now=${now} /><//><${OfSubject} key=${now.subject} subject=${now.subject} />`;
}
