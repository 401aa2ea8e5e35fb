// Listings whose channel showed another figure than it was told, with the cause that was found.
import { html } from "/shared/ui.js";
import { Age } from "../parts.js";
import { useResource } from "../resource.js";
import { href } from "../router.js";
import { Table } from "../table.js";
import { hasWords, num, t } from "../words.js";

const SHOWN = 20;

/** @param {{channel: string}} props */
export function Drift({ channel }) {
  const res = useResource(`/channels/${encodeURIComponent(channel)}/drift?limit=${SHOWN}`, ["channels", "stock"]);
  const items = res.data?.items ?? [];
  if (!items.length) return null;
  const cols = [{ label: t("stock.item") }, { label: t("drift.told"), right: true }, { label: t("drift.shown"), right: true }, { label: t("drift.cause") }, { label: t("decision.when"), right: true }];
  return html`<${Table} label=${t("drift.title", { channel })} cols=${cols} cls="c-drift" total=${res.data.total} first=${1} labels
    before=${html`<header><h2>${t("drift.title", { channel })}</h2></header>`}
    rows=${items.map((/** @type {any} */ d) => ({ key: `${d.sku} ${d.location}`, cells: [html`<a class="clip" href=${href("stock", d.sku)}><bdi>${d.sku}</bdi></a>${d.location ? html`<span class="s m clip">${d.location}</span>` : null}`,
      num(d.told), num(d.shown), html`${hasWords(`drift.cause_${d.cause}`) ? t(`drift.cause_${d.cause}`) : d.cause}<span class="s m block">${d.why}</span>`, html`<${Age} at=${d.at_ms} />`] }))} />`;
}
