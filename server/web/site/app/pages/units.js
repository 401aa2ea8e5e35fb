// In what a person counts: pieces, or a unit that a bar code of the item names. The server makes pieces of them.
import { html } from "/shared/ui.js";
import { useResource } from "../resource.js";
import { t } from "../words.js";

/** @typedef {{unit: string, pieces: number}} Unit */

/** What is sent of it: nothing where pieces are counted. @param {FormData} f */
export const unitOf = (f) => (f.get("unit") ? { unit: String(f.get("unit")).trim() } : {});

/** A choice where the item is known; nothing where it has no unit. @param {{units: Unit[], pick?: (unit: string) => void}} props */
export const UnitChoice = ({ units, pick }) => units.length ? html`<label>${t("unit.counted_in")}<select name="unit" onChange=${(/** @type {any} */ e) => pick?.(e.target.value)}><option value="">${t("unit.pieces")}</option>
    ${units.map((u) => html`<option key=${u.unit} value=${u.unit}>${t("unit.of", { unit: u.unit, n: u.pieces })}</option>`)}</select></label>` : null;

/** The units of a named item. @param {{sku: string}} props */
export function UnitOf({ sku }) {
  const item = useResource(`/stock/${encodeURIComponent(sku)}`, ["stock"]);
  return html`<${UnitChoice} key=${sku} units=${item.data?.units ?? []} />`;
}

/** Where the item is typed: which units it has, the server knows. */
export const UnitTyped = () => html`<label>${t("unit.typed")}<input name="unit" autocomplete="off" /></label>`;
