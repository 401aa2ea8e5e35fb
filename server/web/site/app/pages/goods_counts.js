// Counts that were asked for, and what became of them; a count changes the books by its difference.
import { html } from "/shared/ui.js";
import { Age, Card, Empty } from "../parts.js";
import { href } from "../router.js";
import { useResource } from "../resource.js";
import { num, t, title } from "../words.js";
import { Acts, by, ListAndCard, NumberField, SiteField, State, text, TextField, whole } from "./goods_parts.js";
import { UnitOf, unitOf } from "./units.js";

const TOPICS = ["counts", "stock", "events"];
const SHOWN = 20;

const columns = () => [{ label: t("stock.item") }, { label: t("channel.state") }, { label: t("outbox.since"), right: true }];

/** @param {any} c */
const cells = (c) => [
  html`<a class="clip" tabindex="-1" href=${href("goods", `counts/${c.task}`)}>${c.title || c.sku}</a><span class="s m clip"><bdi>${c.sku}</bdi>, ${title(c.site)}${c.bin ? `, ${c.bin}` : ""}</span>`,
  html`<${State} state=${c.state} />`, html`<${Age} at=${c.asked_ms} />`];

/** What was counted last, with the difference to the books. @param {{sku?: string}} props */
function Latest({ sku }) {
  const res = useResource(`/counts?limit=${SHOWN}${sku ? `&sku=${encodeURIComponent(sku)}` : ""}`, TOPICS);
  const items = res.data?.items ?? [];
  return html`<${Card} title=${t("count.latest")} aside=${res.at ? html`<${Age} at=${res.at} />` : null}>${items.length ? html`<div class="rows">${items.map((/** @type {any} */ c) => html`<div key=${c.position} class="res moves">
      <b class="r">${num(c.counted)}</b><span class="cell"><a href=${href("stock", c.sku)}><bdi>${c.sku}</bdi></a>, ${title(c.site)}<span class="s m block">${t("count.difference", { n: Math.abs(c.difference),
        sign: c.difference < 0 ? "less" : c.difference > 0 ? "more" : "same" })}${c.by ? `, ${c.by}` : ""}</span></span><${Age} at=${c.at_ms} /></div>`)}</div>`
    : html`<p class="pad m">${t("count.no_count")}</p>`}<//>`;
}

/** @param {{id: string}} props */
function Task({ id }) {
  const res = useResource("/counts/tasks?limit=200", TOPICS);
  const c = res.data?.items.find((/** @type {any} */ x) => x.task === id);
  if (!c) return html`<div class="card"><${Empty} icon="stock" title=${t("count.task_gone")} /></div>`;
  const values = { sku: c.sku };
  const acts = {
    count: { when: c.state === "open", words: "count", values, bare: true, path: "/counts", fields: html`<${NumberField} name="counted" min=${0} label=${t("count.counted")} /><${UnitOf} sku=${c.sku} />`,
      body: (/** @type {FormData} */ f) => ({ sku: c.sku, site: c.site, counted: whole(f, "counted"), ...unitOf(f), by: by() }) },
    drop: { when: c.state === "open", words: "drop", values, path: `/counts/tasks/${encodeURIComponent(id)}/drop`, body: (/** @type {FormData} */ f) => ({ why: text(f, "reason") }) },
  };
  return html`<div class="grid side"><${Card} title=${c.title || c.sku} aside=${html`<${Age} at=${c.asked_ms} />`}><div class="pad"><p><${State} state=${c.state} /></p><p>${c.why}</p>
      <dl class="kv"><dt>${t("stock.item")}</dt><dd><a href=${href("stock", c.sku)}><bdi>${c.sku}</bdi></a></dd><dt>${t("adjust.site")}</dt><dd>${title(c.site)}${c.bin ? `, ${c.bin}` : ""}</dd>
      ${c.station ? html`<dt>${t("search.station")}</dt><dd>${title(c.station)}</dd>` : null}</dl></div><//>
    <${Acts} acts=${acts} label=${(/** @type {string} */ n) => t(`count.do_${n}`)} /><${Latest} sku=${c.sku} /></div>`;
}

const create = () => html`<div class="apart-card"><${Acts} label=${() => t("count.ask")} acts=${{ ask: { words: "askcount", values: {}, path: "/counts/ask",
  fields: html`<${TextField} name="sku" label=${t("adjust.item")} /><${SiteField} name="site" label=${t("adjust.site")} />`,
  body: (/** @type {FormData} */ f) => ({ sku: text(f, "sku"), site: text(f, "site"), why: text(f, "reason") }) } }} /></div>`;

/** @param {{id: string, now: Record<string, string>}} props */
export const Counts = ({ id, now }) => html`<${ListAndCard} tab="counts" path="/counts/tasks" topics=${TOPICS} now=${now} id=${id} keyOf=${(/** @type {any} */ c) => c.task}
    cols=${columns()} cells=${cells} states=${["open", "counted", "dropped"]} cls="c-goods" create=${create()} card=${(/** @type {string} */ which) => html`<${Task} key=${which} id=${which} />`} />
  ${id ? null : html`<div class="apart-card"></div><${Latest} />`}`;
