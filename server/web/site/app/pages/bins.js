// Bins of an item's shelves: what lies in which, and moving pieces from one to another.
import { html, useState } from "/shared/ui.js";
import { Act } from "../act.js";
import { line } from "../live.js";
import { useSignal } from "../signal.js";
import { num, t, title } from "../words.js";
import { UnitChoice, unitOf } from "./units.js";

/** The bins of a site under its name: the home bin's name, and where there are several what each holds. @param {{site: any}} props */
export function Bins({ site }) {
  const bins = site.bins ?? [];
  if (bins.length < 2) return site.bin ? html`<span class="s m block">${site.bin}</span>` : null;
  return bins.map((/** @type {any} */ b) => html`<span key=${b.bin} class="s m block"><bdi>${b.bin || t("bin.home")}</bdi>: ${num(b.quantity)}</span>`);
}

/** @param {FormData} f @param {string} name */
const named = (f, name) => {
  const bin = String(f.get(name)).trim();
  return bin ? { [name]: bin } : {};
};

/** @param {{item: any}} props */
export function MoveBins({ item }) {
  const [open, setOpen] = useState(false);
  const off = useSignal(line).mode !== "live";
  const sites = item.sites.filter((/** @type {any} */ s) => s.on_hand > 0);
  if (!sites.length) return null;
  if (!open)
    return html`<div class="acts"><button type="button" class="btn" disabled=${off} onClick=${() => setOpen(true)}>${t("bin.title")}</button></div>`;
  const known = [...new Set(sites.flatMap((/** @type {any} */ s) => (s.bins ?? []).map((/** @type {any} */ b) => b.bin)))].filter(Boolean);
  return html`<${Act} words="bin" values=${{}} path="/stock/move" close=${() => setOpen(false)}
    body=${(/** @type {FormData} */ f) => ({ sku: item.sku, site: String(f.get("site")), from: "shelf", to: "shelf", quantity: Number(f.get("quantity")), ...unitOf(f),
      reason: String(f.get("reason")).trim(), ...named(f, "from_bin"), ...named(f, "to_bin") })}
    fields=${html`<label>${t("adjust.site")}<select name="site">${sites.map((/** @type {any} */ s) =>
      html`<option key=${s.site} value=${s.site}>${title(s.site)}</option>`)}</select></label>
      <label>${t("bin.from")}<input name="from_bin" list="bins" /></label><label>${t("bin.to")}<input name="to_bin" list="bins" /></label>
      <datalist id="bins">${known.map((b) => html`<option key=${b} value=${b} />`)}</datalist>
      <label>${t("orders.pieces")}<input name="quantity" type="number" min="1" step="1" required /></label><${UnitChoice} units=${item.units ?? []} />`} />`;
}
