// Whole tables as CSV files. They need the token, which a plain link does not carry: the page asks
// for the table and hands it to the browser as a file.
import { html, useState } from "/shared/ui.js";
import { ApiError } from "../api.js";
import { Failure } from "../parts.js";
import { signOut, token } from "../session.js";
import { t } from "../words.js";

const SAVE_MS_MAX = 120000;

/** @param {string} table */
async function save(table) {
  /** @type {Response} */
  let answer;
  try {
    answer = await fetch(`/api/v1/export/${table}.csv`, { headers: { authorization: `Bearer ${token.get()}` }, cache: "no-store", signal: AbortSignal.timeout(SAVE_MS_MAX) });
  } catch (e) {
    throw new ApiError("network", String(e), "");
  }
  if (answer.status === 401) signOut();
  if (!answer.ok) {
    const said = await answer.json().catch(() => ({}));
    throw new ApiError(answer.status < 500 ? "refused" : "broken", said.detail ?? String(answer.status), said.remedy ?? "");
  }
  const url = URL.createObjectURL(await answer.blob());
  const link = Object.assign(document.createElement("a"), { href: url, download: `dockline-${table}.csv` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60000); // the browser may still read it
}

/** @param {{tables: string[]}} props names as GET /export/{name}.csv has them */
export function Save({ tables }) {
  const [trouble, setTrouble] = useState(/** @type {ApiError | null} */ (null));
  const [busy, setBusy] = useState("");
  const press = async (/** @type {string} */ table) => {
    setBusy(table);
    setTrouble(null);
    try {
      await save(table);
    } catch (x) {
      setTrouble(x instanceof ApiError ? x : new ApiError("broken", String(x), ""));
    }
    setBusy("");
  };
  return html`<p class="s m apart-card">${t("save.as_csv")}${tables.map((name) => html`${" "}<button key=${name} type="button" class="link" disabled=${busy === name} onClick=${() => press(name)}>${t(`save.${name}`)}</button>`)}</p>
    ${trouble ? html`<div class="card apart-card"><${Failure} error=${trouble} at=${0} /></div>` : null}`;
}

/** @param {{tables: string[]}} props */
export const Part = Save;
