// From whom goods are bought, how long they take, and which items at what price.
import { html } from "/shared/ui.js";
import { chosen } from "../filters.js";
import { money } from "../money.js";
import { Card, Empty, Part } from "../parts.js";
import { useResource } from "../resource.js";
import { href } from "../router.js";
import { useRows } from "../rows.js";
import { ListOr } from "../vlist.js";
import { num, t } from "../words.js";
import { Acts, by, NumberField, text, TextField, whole } from "./goods_parts.js";
import { Save } from "./save.js";

const TOPICS = ["purchases"];

/** A whole number that may be left out. @param {FormData} f @param {string} name */
const maybe = (f, name) => (text(f, name) ? { [name]: whole(f, name) } : {});

/** @param {{name: string, label: string, value: any, type?: string, required?: boolean}} props a field that shows what is so now */
const Field = ({ name, label, value, type, required }) =>
  html`<label>${label}<input name=${name} type=${type ?? "text"} min=${type === "number" ? "0" : undefined} value=${value ?? ""} required=${required} autocomplete="off" /></label>`;

/** @param {any} [s] one that is known already */
const supplierForm = (s) => ({ values: { supplier: s?.supplier ?? "" }, bare: true, path: "/suppliers",
  fields: html`${s ? null : html`<${TextField} name="supplier" label=${t("supplier.id")} />`}<${Field} name="title" label=${t("supplier.name")} value=${s?.title} required />
    <${Field} name="email" type="email" label=${t("supplier.email")} value=${s?.email} /><${Field} name="webhook" type="url" label=${t("supplier.webhook")} value=${s?.webhook} />
    <${Field} name="lead_days" type="number" label=${t("supplier.lead_days")} value=${s?.lead_days} /><${Field} name="review_days" type="number" label=${t("supplier.review_days")} value=${s?.review_days} />`,
  body: (/** @type {FormData} */ f) => ({ supplier: s?.supplier ?? text(f, "supplier"), title: text(f, "title"), email: text(f, "email"), webhook: text(f, "webhook"),
    ...maybe(f, "lead_days"), ...maybe(f, "review_days"), by: by() }) });

/** @param {string} supplier */
const supplyAct = (supplier) => ({ words: "supply", values: { supplier }, bare: true, path: "/supplies",
  fields: html`<${TextField} name="sku" label=${t("adjust.item")} /><${TextField} name="supplier_sku" optional label=${t("supply.supplier_sku")} />
    <${NumberField} name="rank" min=${0} optional label=${t("supply.rank")} /><${NumberField} name="pack" optional label=${t("supply.pack")} />
    <${NumberField} name="minimum" min=${0} optional label=${t("supply.minimum")} /><${NumberField} name="price_minor" min=${0} optional label=${t("supply.price_minor")} />
    <${TextField} name="currency" optional label=${t("supply.currency")} />`,
  body: (/** @type {FormData} */ f) => ({ sku: text(f, "sku"), supplier, ...(text(f, "supplier_sku") ? { supplier_sku: text(f, "supplier_sku") } : {}), ...maybe(f, "rank"), ...maybe(f, "pack"),
    ...maybe(f, "minimum"), ...maybe(f, "price_minor"), ...(text(f, "currency") ? { currency: text(f, "currency").toUpperCase() } : {}), by: by() }) });

const columns = () => [{ label: t("stock.item") }, { label: t("supply.conditions") }, { label: t("supply.price"), right: true }];

/** @param {any} y */
const cells = (y) => [
  html`<a class="clip" tabindex="-1" href=${href("stock", y.sku)}><bdi>${y.sku}</bdi></a>${y.supplier_sku ? html`<span class="s m clip"><bdi>${y.supplier_sku}</bdi></span>` : null}`,
  html`<span class="s clip">${y.rank ? t("supply.ranked", { n: y.rank }) : t("supply.ended")}</span><span class="s m clip">${t("supply.packs", { pack: y.pack, minimum: y.minimum })}</span>`,
  y.currency ? money(y.price_minor, y.currency) : num(y.price_minor)];

/** @param {{supplier: string}} props the items that are bought there; there may be thousands */
function Supplies({ supplier }) {
  const list = useRows("/supplies", { supplier }, TOPICS, (y) => y.sku);
  return html`<${ListOr} label=${t("supply.items")} cols=${columns()} cls="c-supply" list=${list} cells=${cells} to=${(/** @type {any} */ y) => href("stock", y.sku)} selected=${() => false}
    empty=${() => html`<div class="card"><${Empty} icon="stock" title=${t("supply.none")} /></div>`} />`;
}

/** @param {{s: any}} props */
const Supplier = ({ s }) => html`<div class="grid side"><${Card} title=${s.title} aside=${html`<bdi>${s.supplier}</bdi>`}><div class="pad"><dl class="kv">
      <dt>${t("supplier.email")}</dt><dd><bdi>${s.email || t("supplier.nothing")}</bdi></dd><dt>${t("supplier.webhook")}</dt><dd><bdi>${s.webhook || t("supplier.nothing")}</bdi></dd>
      <dt>${t("supplier.lead_days")}</dt><dd>${num(s.lead_days)}</dd><dt>${t("supplier.review_days")}</dt><dd>${num(s.review_days)}</dd></dl>
      <p><a href=${href("goods", "purchases")}>${t("goods.purchases")}</a></p></div><//>
    <${Acts} acts=${{ change: { words: "changesupplier", ...supplierForm(s) }, supply: supplyAct(s.supplier) }} label=${(/** @type {string} */ n) => t(`supplier.do_${n}`)} /><${Supplies} supplier=${s.supplier} /></div>`;

/** @param {{id: string, now: Record<string, string>}} props */
export function Suppliers({ id, now }) {
  const res = useResource("/suppliers", TOPICS);
  const filters = chosen(new URLSearchParams(now), []);
  const items = res.data?.items ?? [];
  const s = items.find((/** @type {any} */ x) => x.supplier === id);
  return html`<div class=${`apart-card ${id ? "only-wide" : ""}`}><${Acts} label=${() => t("supplier.new")} acts=${{ new: { words: "newsupplier", ...supplierForm() } }} /></div>
    ${id ? null : html`<${Save} tables=${["suppliers", "supplies"]} />`}
    <div class=${`grid gs ${id ? "picked" : ""}`}><div class="list-side"><${Card} title=${t("goods.suppliers")}><${Part} res=${res} rows=${5} draw=${() => (items.length
        ? html`<div class="rows">${items.map((/** @type {any} */ x) => html`<a key=${x.supplier} class=${`res two pick ${x.supplier === id ? "sel" : ""}`} aria-current=${x.supplier === id ? "true" : undefined}
            href=${href("goods", `suppliers/${x.supplier}`, filters)}><span class="cell"><b class="block clip">${x.title}</b><span class="s m block clip"><bdi>${x.supplier}</bdi></span></span>
            <span class="r s">${t("supplier.skus_n", { n: x.skus })}</span></a>`)}</div>`
        : html`<${Empty} icon="stock" title=${t("goods.none_suppliers")} text=${t("goods.none_suppliers_do")}><a class="btn" href=${href("import")}>${t("nav.import")}</a><//>`)} /><//></div>
      <div class="item-side">${id ? html`<div class="only-narrow"><p class="pad"><a href=${href("goods", "suppliers", filters)}>${t("goods.suppliers")}</a></p></div>${s ? html`<${Supplier} key=${id} s=${s} />`
        : html`<div class="card"><${Empty} icon="stock" title=${t(res.data ? "supplier.gone" : "goods.pick")} /></div>`}` : html`<div class="only-wide card"><${Empty} icon="stock" title=${t("goods.pick")} /></div>`}</div></div>`;
}
