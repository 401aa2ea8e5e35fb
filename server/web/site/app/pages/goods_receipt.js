// Goods that came and that nobody had announced.
import { html, useState } from "/shared/ui.js";
import { Act } from "../act.js";
import { line } from "../live.js";
import { useSignal } from "../signal.js";
import { t } from "../words.js";
import { by, NumberField, SiteField, text, TextField, whole } from "./goods_parts.js";
import { UnitTyped, unitOf } from "./units.js";

const DAY_MS = 86400000;
const OWNERSHIPS = ["own", "consignment", "customer"];

/** What the field names, when it says something. @param {FormData} f @param {string} name */
const given = (f, name) => (text(f, name) ? { [name]: text(f, name) } : {});

/** Nothing is known of the lot: null. A last day ends with itself, as codes by GS1 have it. @param {FormData} f */
function lotOf(f) {
  const until = text(f, "until");
  const owned = text(f, "ownership") !== "own";
  const lot = { ...given(f, "lot"), ...given(f, "serial"), ...(until ? { expires_ms: Date.parse(`${until}T00:00:00Z`) + DAY_MS } : {}),
    ...(owned ? { ...given(f, "ownership"), ...given(f, "owner") } : {}) };
  return Object.keys(lot).length ? lot : null;
}

/** @param {FormData} f */
function bodyOf(f) {
  const lot = lotOf(f);
  return { site: text(f, "site"), [text(f, "named")]: text(f, "item"), quantity: whole(f, "quantity"), ...unitOf(f), ...(text(f, "damaged") ? { damaged: whole(f, "damaged") } : {}),
    ...(lot ? { lot } : {}), ...given(f, "bin"), by: by() };
}

function Fields() {
  const [named, setNamed] = useState("sku");
  const [ownership, setOwnership] = useState("own");
  return html`<label>${t("receipt.named")}<select name="named" onChange=${(/** @type {any} */ e) => setNamed(e.target.value)}><option value="sku">${t("adjust.item")}</option><option value="code">${t("receipt.code")}</option></select></label>
    <${TextField} name="item" label=${t(named === "sku" ? "adjust.item" : "receipt.code")} /><${NumberField} name="quantity" label=${t(named === "sku" ? "receive.quantity" : "receipt.scans")} />
    ${named === "sku" ? html`<${UnitTyped} />` : null}
    <${NumberField} name="damaged" min=${0} optional label=${t("receive.damaged")} /><${SiteField} name="site" label=${t("adjust.site")} /><${TextField} name="bin" optional label=${t("bin.to")} />
    <${TextField} name="lot" optional label=${t("receipt.lot")} /><${TextField} name="serial" optional label=${t("receipt.serial")} />
    <label>${t("receipt.until")}<input name="until" type="date" /></label>
    <label>${t("receipt.ownership")}<select name="ownership" onChange=${(/** @type {any} */ e) => setOwnership(e.target.value)}>${OWNERSHIPS.map((o) => html`<option key=${o} value=${o}>${t(`receipt.${o}`)}</option>`)}</select></label>
    ${ownership === "own" ? null : html`<${TextField} name="owner" label=${t("receipt.owner")} />`}`;
}

export function Receipt() {
  const [open, setOpen] = useState(false);
  const [done, setDone] = useState(false);
  const off = useSignal(line).mode !== "live";
  if (open)
    return html`<${Act} words="receipt" values=${{}} bare path="/receipts" body=${bodyOf} fields=${html`<${Fields} />`}
      close=${(/** @type {boolean} */ booked) => { setOpen(false); setDone(booked); }} />`;
  return html`<div class="acts apart-card"><button type="button" class="btn" disabled=${off} onClick=${() => setOpen(true)}>${t("receipt.open")}</button><span class="m s" role="status">${done ? t("receipt.done") : ""}</span></div>`;
}
