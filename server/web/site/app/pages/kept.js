// What is kept back of an item: safety stock of a site, buffer, cap and share of a channel. A row of
// the item goes before that of the whole site or channel.
import { html, useState } from "/shared/ui.js";
import { Act } from "../act.js";
import { line } from "../live.js";
import { Card, Part } from "../parts.js";
import { useResource } from "../resource.js";
import { person } from "../session.js";
import { useSignal } from "../signal.js";
import { num, t, title } from "../words.js";

const VALUES = ["safety", "quota", "share_pm", "buffer", "cap"];

/** @param {any} row */
const said = (row) => VALUES.filter((v) => row[v] !== null && row[v] !== undefined)
  .map((v) => t(`kept.${v}`, { n: v === "share_pm" ? row[v] / 10 : row[v] })).join(", ");

/** @param {FormData} f @param {string} name @returns {Record<string, number>} */
const given = (f, name) => (String(f.get(name) ?? "").trim() ? { [name]: Number(f.get(name)) } : {});

/** @param {string} sku @returns {(f: FormData) => any} */
const bodyOf = (sku) => (f) => {
  const [kind, name] = String(f.get("where")).split(" ", 2);
  const share = given(f, "share");
  const values = kind === "site" ? given(f, "safety") : { ...given(f, "buffer"), ...given(f, "cap"), ...(share.share === undefined ? {} : { share_pm: Math.round(share.share * 10) }) };
  return Object.keys(values).length ? { [kind]: name, sku, ...values, why: String(f.get("reason")).trim(), by: person.get() || "console" } : null;
};

/** @param {{sites: string[], channels: string[]}} props */
function Fields({ sites, channels }) {
  const [kind, setKind] = useState(sites.length ? "site" : "channel");
  const field = (/** @type {string} */ name, /** @type {number} */ max) => html`<label>${t(`kept.field_${name}`)}<input name=${name} type="number" min="0" max=${max ? String(max) : undefined} step="1" /></label>`;
  return html`<label>${t("adjust.site")}<select name="where" onChange=${(/** @type {any} */ e) => setKind(e.target.value.split(" ")[0])}>
      ${sites.map((s) => html`<option key=${s} value=${`site ${s}`}>${title(s)}</option>`)}${channels.map((c) => html`<option key=${c} value=${`channel ${c}`}>${t("channel.channel")}: ${c}</option>`)}</select></label>
    ${kind === "site" ? field("safety", 0) : html`${field("buffer", 0)}${field("cap", 0)}${field("share", 100)}`}`;
}

/** @param {{item: any}} props */
export function Kept({ item }) {
  const [open, setOpen] = useState(false);
  const res = useResource(`/stock/policies?sku=${encodeURIComponent(item.sku)}`, ["stock", "policies"]);
  const channels = useResource("/channels", ["channels"]);
  const off = useSignal(line).mode !== "live";
  const names = (channels.data?.items ?? []).map((/** @type {any} */ c) => c.channel);
  return html`<${Card} title=${t("kept.card")}><${Part} res=${res} draw=${(/** @type {any} */ d) => d.items.length
      ? html`<div class="rows">${d.items.map((/** @type {any} */ r) => html`<div key=${r.position} class="res two"><span class="cell"><b>${r.site ? title(r.site) : r.channel}</b>${r.sku ? null : html` <span class="s m">${t("kept.all_items")}</span>`}
          <span class="s m block">${r.why}, ${r.by}</span></span><span class="r">${said(r)}</span></div>`)}</div>`
      : html`<p class="pad m">${t("kept.none")}</p>`} />
    <div class="pad line acts"><button type="button" class="btn small" disabled=${off} aria-expanded=${String(open)} onClick=${() => setOpen(!open)}>${t("kept.change")}</button></div><//>
    ${open ? html`<${Act} words="kept" values=${{ sku: item.sku }} method="PUT" path="/stock/policies" body=${bodyOf(item.sku)}
      fields=${html`<${Fields} sites=${item.sites.map((/** @type {any} */ s) => s.site)} channels=${names} />`} close=${() => setOpen(false)} />` : null}`;
}
