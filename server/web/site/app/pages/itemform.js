// A new item, or one that is changed. What is sent is the whole item: fields that the form does not
// show go back as they are, and it is refused when somebody else changed the item meanwhile.
import { html, useEffect, useState } from "/shared/ui.js";
import { Act } from "../act.js";
import { ApiError, seen } from "../api.js";
import { Failure } from "../parts.js";
import { go, href } from "../router.js";
import { t } from "../words.js";

const TRACKED = ["lot", "serial", "expiry"];

/** @param {FormData} f @param {string} name */
const text = (f, name) => String(f.get(name) ?? "").trim();

/** "case" or "pallet", where one was named. @param {any[]} known @param {string} code */
const unitOf = (known, code) => {
  const unit = known.find((b) => b.code === code)?.unit;
  return unit ? { unit } : {};
};

/** One code a line, behind it the pieces of a case. @param {string} lines @param {any[]} known */
const barcodesOf = (lines, known) => lines.split("\n").map((l) => l.trim().split(/\s+/)).filter(([code]) => code).map(([code, n]) => ({
  code, ...(n ? { pieces: Number(n) } : {}), ...unitOf(known, code) }));

/** @param {any} item null: a new one @returns {(f: FormData) => any} */
const bodyOf = (item) => (f) => {
  const flag = (/** @type {string} */ name) => (f.get(name) ? { [name]: true } : item?.[name] === false || item?.[name] === true ? { [name]: false } : {});
  return { sku: item?.sku ?? text(f, "sku"), title: text(f, "title"), ...(text(f, "detail") ? { detail: text(f, "detail") } : {}),
    ...(text(f, "weight_g") ? { weight_g: Number(f.get("weight_g")) } : {}), ...flag("hazardous"), ...flag("cold_chain"),
    ...(text(f, "tracked") ? { tracked: text(f, "tracked") } : {}), ...(Number.isInteger(item?.cost_minor) ? { cost_minor: item.cost_minor } : {}),
    barcodes: barcodesOf(text(f, "barcodes"), item?.barcodes ?? []) };
};

/** @param {{item: any}} props null: a new one */
const Fields = ({ item }) => html`${item ? null : html`<label>${t("adjust.item")}<input name="sku" required maxlength="100" autocomplete="off" /></label>`}
  <label>${t("item.title_field")}<input name="title" required autocomplete="off" defaultValue=${item?.title ?? ""} /></label>
  <label>${t("item.detail")}<input name="detail" autocomplete="off" defaultValue=${item?.detail ?? ""} /></label>
  <label>${t("item.weight_g")}<input name="weight_g" type="number" min="0" step="1" defaultValue=${item?.weight_g ?? ""} /></label>
  <label>${t("item.tracked")}<select name="tracked"><option value="">${t("item.tracked_none")}</option>${TRACKED.map((k) => html`<option key=${k} value=${k} selected=${item?.tracked === k}>${t(`item.tracked_${k}`)}</option>`)}</select></label>
  <label class="check"><input type="checkbox" name="hazardous" value="yes" defaultChecked=${!!item?.hazardous} /> ${t("item.hazardous")}</label>
  <label class="check"><input type="checkbox" name="cold_chain" value="yes" defaultChecked=${!!item?.cold_chain} /> ${t("item.cold_chain")}</label>
  <label class="broad">${t("item.barcodes")}<textarea name="barcodes" rows="4" spellcheck=${false} defaultValue=${(item?.barcodes ?? []).map((/** @type {any} */ b) => (b.pieces > 1 ? `${b.code} ${b.pieces}` : b.code)).join("\n")}></textarea></label>`;

/** @param {{item?: any, close: () => void}} props item: absent: a new one */
export function Part({ item, close }) {
  // As the item was when the form opened: a change meanwhile does not move what is typed.
  const [opened, setOpened] = useState(/** @type {{item: any, tag: string} | null} */ (item ? null : { item: null, tag: "" }));
  const [trouble, setTrouble] = useState(/** @type {ApiError | null} */ (null));
  useEffect(() => {
    if (item) seen(`/stock/${encodeURIComponent(item.sku)}`).then(({ data, tag }) => setOpened({ item: data, tag }), (e) => setTrouble(e instanceof ApiError ? e : new ApiError("broken", String(e), "")));
  }, []);
  if (!opened) return trouble ? html`<${Failure} error=${trouble} at=${0} again=${close} />` : null;
  let sku = item?.sku ?? "";
  const body = (/** @type {FormData} */ f) => {
    const made = bodyOf(opened.item)(f);
    sku = made.sku.replace(/[a-z]/g, (/** @type {string} */ c) => c.toUpperCase()); // as the server keeps SKUs
    return made;
  };
  return html`<${Act} words="item" values=${{ sku: item?.sku ?? "", known: item ? "yes" : "no" }} bare path="/items" body=${body} seen=${opened.tag} fresh=${item ? "" : t("item.exists")} fieldOf=${(/** @type {string} */ place) => place.split(/[.[]/)[0]} fields=${html`<${Fields} item=${opened.item} />`}
    close=${(/** @type {boolean} */ done) => { close(); if (done && !item) go(href("stock", sku)); }} />`;
}
