// Found or lost pieces: a correction with its reason, asked for in place.
import { html, useState } from "/shared/ui.js";
import { ApiError, request } from "../api.js";
import { line } from "../live.js";
import { Failure } from "../parts.js";
import { useSignal } from "../signal.js";
import { t, title } from "../words.js";

/** @param {{item: any}} props */
export function Adjust({ item }) {
  const [open, setOpen] = useState(false);
  const [trouble, setTrouble] = useState(/** @type {ApiError | null} */ (null));
  const [done, setDone] = useState("");
  const off = useSignal(line).mode !== "live";
  /** @param {SubmitEvent} e */
  const submit = async (e) => {
    e.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (e.currentTarget));
    const quantity = Number(form.get("quantity"));
    const reason = String(form.get("reason")).trim();
    const site = String(form.get("site"));
    if (!Number.isInteger(quantity) || quantity === 0 || !reason) return;
    try {
      await request("POST", "/stock/adjust", { json: { sku: item.sku, site, quantity, reason } });
      setTrouble(null);
      setOpen(false);
      setDone(t("adjust.done", { n: Math.abs(quantity), found: quantity > 0 ? "yes" : "no", site: title(site) }));
    } catch (x) {
      setTrouble(x instanceof ApiError ? x : new ApiError("broken", String(x), ""));
    }
  };
  if (!item.sites.length) return null;
  if (!open)
    return html`<div class="acts"><button type="button" class="btn" disabled=${off} onClick=${() => setOpen(true)}>
      ${t("adjust.open")}</button><span class="m s" role="status">${done}</span></div>`;
  return html`<form class="card pad form" onSubmit=${submit}><b>${t("adjust.title")}</b>
    <label>${t("adjust.site")}<select name="site">${item.sites.map((/** @type {any} */ s) =>
      html`<option key=${s.site} value=${s.site}>${title(s.site)}</option>`)}</select></label>
    <label>${t("adjust.quantity")}<input name="quantity" type="number" step="1" required /></label>
    <label>${t("adjust.reason")}<input name="reason" required /></label>
    ${trouble ? html`<${Failure} error=${trouble} at=${0} />` : null}
    <div class="acts"><button type="submit" class="btn go" disabled=${off}>${t("adjust.go")}</button>
      <button type="button" class="btn" onClick=${() => setOpen(false)}>${t("cancel.keep")}</button></div></form>`;
}
