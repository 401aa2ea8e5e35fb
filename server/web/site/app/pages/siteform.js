// What people say of a site. What is sent is all of it: keys that the form does not show go back as
// they are, and it is refused when somebody else said something meanwhile.
import { html, useEffect, useState } from "/shared/ui.js";
import { Act } from "../act.js";
import { ApiError, seen } from "../api.js";
import { Failure } from "../parts.js";
import { person } from "../session.js";
import { t } from "../words.js";

const PLAIN = ["time_zone", "closed", "capacity_per_day", "handling_parcel_minor", "handling_piece_minor"];
const YES_NO = ["hazardous", "cold_chain"];
const TABLES = ["hours", "zones", "distance_km"]; // a line each: "mon-fri 08:00-16:30", "DE 89 2"

/** @param {FormData} f @param {string} name */
const text = (f, name) => String(f.get(name) ?? "").trim();
/** The field of a key: "hours.mon-fri" stands in "hours". @param {string} key */
const fieldOf = (key) => key.replace(/^values\./, "").split(".")[0].replace(/^why$/, "reason");
const shown = (/** @type {string} */ key) => [...PLAIN, ...YES_NO, ...TABLES].includes(fieldOf(key));

/** Lines of a table as keys and values; the value is the last word. @param {string} table @param {string} lines @returns {[string, string][]} */
export const entriesOf = (table, lines) => lines.split("\n").map((l) => l.trim()).filter(Boolean).map((l) => {
  const cut = l.search(/\s\S+$/);
  return /** @type {[string, string]} */ (cut < 0 ? [`${table}.${l}`, ""] : [`${table}.${l.slice(0, cut).trim()}`, l.slice(cut).trim()]);
});

/** @param {Record<string, string>} values @param {string} table */
export const linesOf = (values, table) => Object.entries(values).filter(([key]) => key.startsWith(`${table}.`)).map(([key, value]) => `${key.slice(table.length + 1)} ${value}`).join("\n");

/** @param {Record<string, string>} known @returns {(f: FormData) => any} */
const bodyOf = (known) => (f) => {
  const kept = Object.entries(known).filter(([key]) => !shown(key));
  const plain = [...PLAIN, ...YES_NO].map((name) => [name, text(f, name)]).filter(([, value]) => value);
  return { values: Object.fromEntries([...kept, ...plain, ...TABLES.flatMap((name) => entriesOf(name, text(f, name)))]), why: text(f, "reason"), by: person.get() || "console" };
};

/** The zones that this browser knows; what else is typed, the server judges. */
const zones = () => (/** @type {any} */ (Intl).supportedValuesOf?.("timeZone") ?? []);

/** @param {{v: Record<string, string>}} props */
const Fields = ({ v }) => html`<label>${t("siteform.time_zone")}<input name="time_zone" list="time-zones" autocomplete="off" spellcheck=${false} defaultValue=${v.time_zone ?? ""} /></label>
  <datalist id="time-zones">${zones().map((/** @type {string} */ z) => html`<option key=${z} value=${z}></option>`)}</datalist>
  <label>${t("siteform.capacity")}<input name="capacity_per_day" inputmode="numeric" autocomplete="off" defaultValue=${v.capacity_per_day ?? ""} /></label>
  <label>${t("siteform.hours")}<textarea name="hours" rows="3" spellcheck=${false} placeholder="mon-fri 08:00-16:30" defaultValue=${linesOf(v, "hours")}></textarea></label>
  <label>${t("siteform.closed")}<textarea name="closed" rows="3" spellcheck=${false} placeholder="2026-12-25 2026-12-26" defaultValue=${v.closed ?? ""}></textarea></label>
  <label>${t("siteform.zones")}<textarea name="zones" rows="3" spellcheck=${false} placeholder="DE 1" defaultValue=${linesOf(v, "zones")}></textarea></label>
  <label>${t("siteform.distance")}<textarea name="distance_km" rows="3" spellcheck=${false} placeholder="DE 300" defaultValue=${linesOf(v, "distance_km")}></textarea></label>
  ${YES_NO.map((name) => html`<label key=${name}>${t(`siteform.${name}`)}<select name=${name}>${["", "true", "false"].map((x) => html`<option key=${x} value=${x} selected=${(v[name] ?? "") === x}>${t(`siteform.is_${x || "unknown"}`)}</option>`)}</select></label>`)}
  <label>${t("siteform.parcel_minor")}<input name="handling_parcel_minor" inputmode="numeric" autocomplete="off" defaultValue=${v.handling_parcel_minor ?? ""} /></label>
  <label>${t("siteform.piece_minor")}<input name="handling_piece_minor" inputmode="numeric" autocomplete="off" defaultValue=${v.handling_piece_minor ?? ""} /></label>`;

/** @param {{site: string, close: () => void}} props */
export function Part({ site, close }) {
  // As it was when the form opened: a change meanwhile does not move what is typed.
  const [opened, setOpened] = useState(/** @type {{data: any, tag: string} | null} */ (null));
  const [trouble, setTrouble] = useState(/** @type {ApiError | null} */ (null));
  const path = `/sites/${encodeURIComponent(site)}`;
  useEffect(() => {
    seen(path).then(setOpened, (e) => setTrouble(e instanceof ApiError ? e : new ApiError("broken", String(e), "")));
  }, []);
  if (!opened) return trouble ? html`<${Failure} error=${trouble} at=${0} again=${close} />` : null;
  return html`<${Act} words="siteform" values=${{ site: opened.data.title || site }} method="PUT" path=${path} seen=${opened.tag} fieldOf=${fieldOf}
    body=${bodyOf(opened.data.values)} fields=${html`<${Fields} v=${opened.data.values} />`} close=${close} />`;
}
