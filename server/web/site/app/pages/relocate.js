// Pieces that are set aside: to quarantine, to damaged, back to the shelf. Only the shelf is sold from.
import { html, useState } from "/shared/ui.js";
import { Act } from "../act.js";
import { num, t, title } from "../words.js";
import { lastDay, lotName, useLots } from "./lots.js";
import { UnitChoice, unitOf } from "./units.js";

/** Kinds of place that a person moves between, and the field of a site that counts them. @type {[string, string][]} */
const KINDS = [["shelf", "on_hand"], ["quarantine", "quarantine"], ["damaged", "damaged"], ["staging", "staging"]];
const TARGETS = ["quarantine", "damaged", "shelf"];

/** @param {any} site */
const held = (site) => KINDS.filter(([, field]) => (site?.[field] ?? 0) > 0).map(([kind, field]) => ({ kind, field, n: site[field] }));

/** What the server knows a lot by. @param {any} l */
const lotOf = (l) => ({ ...(l.lot ? { lot: l.lot } : {}), ...(l.serial ? { serial: l.serial } : {}), ...(l.expires_ms ? { expires_ms: l.expires_ms } : {}),
  ...(l.ownership !== "own" ? { ownership: l.ownership } : {}), ...(l.owner ? { owner: l.owner } : {}) });

/** @param {FormData} f @param {string} name */
const text = (f, name) => String(f.get(name) ?? "").trim();

/** @param {{item: any, sites: any[]}} props */
function Fields({ item, sites }) {
  const [name, setName] = useState(sites[0].site);
  const [kind, setKind] = useState("");
  const [lot, setLot] = useState("");
  const [unit, setUnit] = useState("");
  const res = useLots(item.sku);
  const site = sites.find((s) => s.site === name) ?? sites[0];
  const places = held(site);
  const from = places.find((p) => p.kind === kind) ?? places[0];
  const lots = (res.data?.items ?? []).filter((/** @type {any} */ l) => l.place === `${site.site}/${from.kind}`);
  // Where each piece has its lot, one is named: what nobody names the server takes first expired first.
  const alike = from.n - lots.reduce((/** @type {number} */ n, /** @type {any} */ l) => n + l.quantity, 0);
  const options = [...(alike > 0 && lots.length ? [{ value: "", words: t("relocate.alike", { n: alike }), n: alike }] : []),
    ...lots.map((/** @type {any} */ l) => ({ value: JSON.stringify(lotOf(l)), n: l.quantity, words: t("relocate.lot", { name: lotName(l), n: l.quantity, day: l.expires_ms ? lastDay(l.expires_ms) : "", dated: l.expires_ms ? "yes" : "no" }) }))];
  const chosen = options.find((o) => o.value === lot) ?? options[0];
  const most = chosen?.n ?? from.n;
  const units = (item.units ?? []).filter((/** @type {any} */ u) => u.pieces <= most);
  const per = units.find((/** @type {any} */ u) => u.unit === unit)?.pieces ?? 1;
  const bins = (site.bins ?? []).map((/** @type {any} */ b) => b.bin).filter(Boolean);
  return html`<label>${t("adjust.site")}<select name="site" onChange=${(/** @type {any} */ e) => setName(e.target.value)}>${sites.map((s) => html`<option key=${s.site} value=${s.site}>${title(s.site)}</option>`)}</select></label>
    <label>${t("relocate.from")}<select name="from" onChange=${(/** @type {any} */ e) => setKind(e.target.value)}>${places.map((p) => html`<option key=${p.kind} value=${p.kind} selected=${p === from}>${t(`kindplace.${p.field}`)} (${num(p.n)})</option>`)}</select></label>
    <label>${t("relocate.to")}<select key=${from.kind} name="to">${TARGETS.filter((k) => k !== from.kind).map((k) => html`<option key=${k} value=${k}>${t(`kindplace.${k === "shelf" ? "on_hand" : k}`)}</option>`)}</select></label>
    ${options.length ? html`<label>${t("relocate.which")}<select name="lot" key=${`${site.site} ${from.kind}`} onChange=${(/** @type {any} */ e) => setLot(e.target.value)}>${options.map((o) => html`<option key=${o.value} value=${o.value} selected=${o === chosen}>${o.words}</option>`)}</select></label>` : null}
    <label>${t("orders.pieces")}<input name="quantity" type="number" min="1" max=${String(Math.floor(most / per))} step="1" required /></label><${UnitChoice} units=${units} pick=${setUnit} />
    <label>${t("relocate.bin")}<input name="bin" list="known-bins" autocomplete="off" /></label><datalist id="known-bins">${bins.map((/** @type {string} */ b) => html`<option key=${b} value=${b} />`)}</datalist>`;
}

/** @param {string} sku @param {FormData} f */
function bodyOf(sku, f) {
  const [from, to, bin, lot] = ["from", "to", "bin", "lot"].map((n) => text(f, n));
  const end = from === "shelf" ? "from_bin" : "to_bin";
  return { sku, site: text(f, "site"), from, to, quantity: Number(f.get("quantity")), ...unitOf(f), reason: text(f, "reason"), ...(lot ? { lot: JSON.parse(lot) } : {}),
    ...(bin && (from === "shelf" || to === "shelf") ? { [end]: bin } : {}) };
}

/** @param {{item: any, close: () => void}} props */
export function Part({ item, close }) {
  const sites = item.sites.filter((/** @type {any} */ s) => held(s).length);
  if (!sites.length) return null;
  return html`<${Act} words="relocate" values=${{ sku: item.sku }} path="/stock/move" close=${close} body=${(/** @type {FormData} */ f) => bodyOf(item.sku, f)}
    fields=${html`<${Fields} item=${item} sites=${sites} />`} />`;
}
