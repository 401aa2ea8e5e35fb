// An act that asks for its reason, and what else it needs, in place, and is sent when it has it.
import { html, useEffect, useState } from "/shared/ui.js";
import { ApiError, request } from "./api.js";
import { line } from "./live.js";
import { Failure } from "./parts.js";
import { useSignal } from "./signal.js";
import { t } from "./words.js";

/**
 * `words`: family of its sentences (title, meaning, go).
 * @param {{words: string, values: Record<string, any>, method?: string, path: string | ((f: FormData) => string), body: (f: FormData) => any,
 *   fields?: any, bare?: boolean, seen?: string, write?: typeof request, fresh?: string, fieldOf?: (place: string) => string, close: (done: boolean) => void}} props
 *   body: null when nothing was filled in; bare: it needs no reason; seen: as in api.js, write: instead of its request; fresh: it must be new, and what is said when it is not; fieldOf: the field that the server's place stands for
 */
export function Act({ words, values, method, path, body, fields, bare, seen, write = request, fresh, fieldOf, close }) {
  const [trouble, setTrouble] = useState(/** @type {ApiError | null} */ (null));
  const [busy, setBusy] = useState(false);
  const off = useSignal(line).mode !== "live";
  useEffect(() => setTrouble(null), [seen]); // what was refused goes on from what is there now
  /** @param {SubmitEvent} e */
  const submit = async (e) => {
    e.preventDefault();
    const target = /** @type {HTMLFormElement} */ (e.currentTarget);
    const form = new FormData(target);
    for (const el of target.elements) el.removeAttribute("aria-invalid");
    if (!bare && !String(form.get("reason")).trim()) return;
    const json = body(form);
    if (json === null) return setTrouble(new ApiError("refused", t("act.nothing"), ""));
    setBusy(true);
    try {
      await write(method ?? "POST", typeof path === "string" ? path : path(form), { json, seen, fresh: !!fresh });
      close(true);
    } catch (x) {
      const trouble = !(x instanceof ApiError) ? new ApiError("broken", String(x), "") : fresh && x.kind === "changed" ? new ApiError("refused", fresh, "") : x;
      setTrouble(trouble);
      const field = trouble.place ? target.elements.namedItem(fieldOf ? fieldOf(trouble.place) : trouble.place) : null;
      if (field instanceof HTMLElement) {
        field.setAttribute("aria-invalid", "true");
        field.focus();
      }
    }
    setBusy(false);
  };
  return html`<form class="card pad form inplace" onSubmit=${submit}>
    <b>${t(`${words}.title`, values)}</b><p class="m">${t(`${words}.meaning`)}</p>
    ${fields ? html`<div class="fields">${fields}</div>` : null}
    ${bare ? null : html`<label>${t("cancel.reason")}<input name="reason" required ref=${(/** @type {any} */ el) => el && !el.dataset.seen && (el.dataset.seen = "1", el.focus())} /></label>`}
    ${trouble ? trouble.notice ?? html`<${Failure} error=${trouble} at=${0} />` : null}
    <div class="acts"><button class="btn go" type="submit" disabled=${busy || off}>${t(`${words}.go`)}</button>
      <button class="btn" type="button" onClick=${() => close(false)}>${t("cancel.keep")}</button></div></form>`;
}
