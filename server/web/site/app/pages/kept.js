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

/**
 * The whole row, since a PUT sets all of it; null: there was none and nothing was filled in, or what
 * is kept back so far is not known yet.
 * @param {string} sku @returns {(f: FormData) => any}
 */
const bodyOf = (sku) => (f) => {
  const [kind, name] = placeOf(String(f.get("where")));
  const share = given(f, "share").share;
  const values = kind === "site" ? { ...given(f, "safety"), ...given(f, "quota") }
    : { ...given(f, "buffer"), ...given(f, "cap"), ...(share === undefined ? {} : { share_pm: Math.round(share * 10) }) };
  if (!f.has("was") || (!Object.keys(values).length && f.get("was") === "")) return null;
  return { [kind]: name, ...(f.get("holds") === "all" ? {} : { sku }), ...values, why: String(f.get("reason")).trim(), by: person.get() || "console" };
};

/** @param {string} where @returns {[string, string]} */
const placeOf = (where) => [where.slice(0, where.indexOf(" ")), where.slice(where.indexOf(" ") + 1)];

/** @param {{sku: string, rows: any[], sites: string[], channels: string[]}} props */
function Fields({ sku, rows, sites, channels }) {
  const [where, setWhere] = useState([...sites.map((s) => `site ${s}`), ...channels.map((c) => `channel ${c}`)][0] ?? "");
  const [all, setAll] = useState(false);
  const [kind, name] = placeOf(where);
  const wide = useResource(`/stock/policies?${kind}=${encodeURIComponent(name)}&limit=1`, ["stock", "policies"]);
  const known = !all || (wide.data && !wide.old);
  const row = all ? (wide.data?.items ?? []).find((/** @type {any} */ r) => !r.sku) : rows.find((r) => r[kind] === name);
  const field = (/** @type {string} */ field, /** @type {number | null | undefined} */ value, /** @type {number} */ max) => html`<label key=${`${field} ${where} ${all}`}>${t(`kept.field_${field}`)}<input name=${field} type="number" min="0" max=${max ? String(max) : undefined} step=${max ? "0.1" : "1"} defaultValue=${value ?? ""} /></label>`;
  return html`<label>${t("adjust.site")}<select name="where" onChange=${(/** @type {any} */ e) => setWhere(e.target.value)}>
      ${sites.map((s) => html`<option key=${s} value=${`site ${s}`}>${title(s)}</option>`)}${channels.map((c) => html`<option key=${c} value=${`channel ${c}`}>${t("channel.channel")}: ${c}</option>`)}</select></label>
    <label>${t("kept.field_holds")}<select name="holds" onChange=${(/** @type {any} */ e) => setAll(e.target.value === "all")}><option value="item">${sku}</option><option value="all">${t("kept.field_all")}</option></select></label>
    ${known ? html`<input type="hidden" name="was" value=${row ? "row" : ""} />
      ${kind === "site" ? html`${field("safety", row?.safety, 0)}${field("quota", row?.quota, 0)}`
        : html`${field("buffer", row?.buffer, 0)}${field("cap", row?.cap, 0)}${field("share", row && row.share_pm !== null ? row.share_pm / 10 : null, 100)}`}` : null}`;
}

/** @param {{item: any}} props */
export function Kept({ item }) {
  const [open, setOpen] = useState(false);
  const res = useResource(`/stock/policies?sku=${encodeURIComponent(item.sku)}&limit=200`, ["stock", "policies"]);
  // Rows of whole sites and channels come first.
  const wide = useResource("/stock/policies?limit=200", ["stock", "policies"]);
  const channels = useResource("/channels", ["channels"]);
  const off = useSignal(line).mode !== "live";
  const names = (channels.data?.items ?? []).map((/** @type {any} */ c) => c.channel);
  const rows = [...(res.data?.items ?? []), ...(wide.data?.items ?? []).filter((/** @type {any} */ r) => !r.sku)];
  return html`<${Card} title=${t("kept.card")}><${Part} res=${res} draw=${() => rows.length
      ? html`<div class="rows">${rows.map((/** @type {any} */ r) => html`<div key=${r.position} class="res two"><span class="cell"><b>${r.site ? title(r.site) : r.channel}</b>${r.sku ? null : html` <span class="s m">${t("kept.all_items")}</span>`}
          <span class="s m block">${r.why}, ${r.by}</span></span><span class="r">${said(r)}</span></div>`)}</div>`
      : html`<p class="pad m">${t("kept.none")}</p>`} />
    <div class="pad line acts"><button type="button" class="btn small" disabled=${off || !res.data} aria-expanded=${String(open)} onClick=${() => setOpen(!open)}>${t("kept.change")}</button></div><//>
    ${open ? html`<${Act} words="kept" values=${{ sku: item.sku }} method="PUT" path="/stock/policies" body=${bodyOf(item.sku)}
      fields=${html`<${Fields} sku=${item.sku} rows=${res.data?.items ?? []} sites=${item.sites.map((/** @type {any} */ s) => s.site)} channels=${names} />`} close=${() => setOpen(false)} />` : null}`;
}
