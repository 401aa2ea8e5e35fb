// How many pieces of an item may be sold that are not there, and how many before its release.
import { html, useState } from "/shared/ui.js";
import { Act } from "../act.js";
import { line, serverNow } from "../live.js";
import { Card, Clock, Part } from "../parts.js";
import { useResource } from "../resource.js";
import { useSignal } from "../signal.js";
import { num, t } from "../words.js";
import { by, NumberField, text, whole } from "./goods_parts.js";

const DAY_MS = 24 * 3600 * 1000;

/** @param {FormData} f */
function bodyOf(f) {
  const preorder = f.get("preorder") !== null;
  const values = { ...(text(f, "most") ? { most: whole(f, "most") } : {}), ...(preorder ? { preorder, ...(text(f, "days") ? { released_ms: Math.round(serverNow() + whole(f, "days") * DAY_MS) } : {}),
    ...(text(f, "preorder_most") ? { preorder_most: whole(f, "preorder_most") } : {}) } : {}) };
  return Object.keys(values).length ? { ...values, why: text(f, "reason"), by: by() } : null;
}

const fields = () => html`<${NumberField} name="most" min=${0} optional label=${t("backorder.most")} /><label class="check"><input type="checkbox" name="preorder" value="yes" /> ${t("backorder.preorder")}</label>
  <${NumberField} name="days" min=${0} optional label=${t("backorder.days")} /><${NumberField} name="preorder_most" min=${0} optional label=${t("backorder.preorder_most")} />`;

/** @param {{sku: string}} props */
export function Backorder({ sku }) {
  const [open, setOpen] = useState("");
  const res = useResource("/backorders", ["orders", "policies"]);
  const off = useSignal(line).mode !== "live";
  const limit = (res.data?.items ?? []).find((/** @type {any} */ b) => b.sku === sku);
  const path = `/backorders/${encodeURIComponent(sku)}`;
  const button = (/** @type {string} */ name) => html`<button type="button" class="btn small" disabled=${off} aria-expanded=${String(open === name)}
    onClick=${() => setOpen(open === name ? "" : name)}>${t(`backorder.do_${name}`)}</button>`;
  return html`<${Card} title=${t("backorder.card")}><${Part} res=${res} draw=${() => (limit
      ? html`<div class="pad"><dl class="kv"><dt>${t("backorder.most")}</dt><dd>${num(limit.most)}</dd><dt>${t("backorder.waiting")}</dt><dd>${num(limit.waiting)}</dd>
        ${limit.preorder ? html`<dt>${t("backorder.release")}</dt><dd>${limit.released_ms ? html`<${Clock} at=${limit.released_ms} />` : t("delivery.no_date")}</dd>
          <dt>${t("backorder.preorder_most")}</dt><dd>${num(limit.preorder_most)}</dd>` : null}</dl><p class="s m">${limit.why}, ${limit.by}</p></div>`
      : html`<p class="pad m">${t("backorder.none")}</p>`)} />
    <div class="pad line acts">${button("set")}${limit ? button("end") : null}</div><//>
    ${open === "set" ? html`<${Act} words="backorder" values=${{ sku }} path=${path} body=${bodyOf} fields=${fields()} close=${() => setOpen("")} />` : null}
    ${open === "end" ? html`<${Act} words="endbackorder" values=${{ sku }} path=${path} body=${(/** @type {FormData} */ f) => ({ ended: true, why: text(f, "reason"), by: by() })} close=${() => setOpen("")} />` : null}`;
}
