// A table of real roles whose rows have one height. The server pages by key; a page is at most
// ROWS_MAX rows, so the document stays small however long the list is.
import { html } from "/shared/ui.js";
import { Icon, Timed } from "./parts.js";
import { t } from "./words.js";

export const PAGE_ROWS = 50;

/**
 * @typedef {{label: string, right?: boolean}} Column
 * @typedef {{key: string, cells: any[], selected?: boolean, dim?: boolean}} Row
 */

/** @param {{cols: Column[]}} props */
const HeadRow = ({ cols }) =>
  html`<div role="row" class="hd">${cols.map((c) =>
    html`<div key=${c.label} role="columnheader" class=${c.right ? "r" : ""}>${c.label}</div>`)}</div>`;

/**
 * @param {{label: string, cols: Column[], rows: Row[], total: number, first: number, cls: string,
 *   end?: any, before?: any, labels?: boolean}} props
 *   first: number of the first row in the whole list, from 1
 *   labels: on a phone each cell says its column
 */
export function Table({ label, cols, rows, total, first, cls, end, before, labels }) {
  return html`<div class=${`card tbl ${cls}`}>${before}
    <div role="table" aria-label=${label} aria-rowcount=${String(total + 1)}>
      <${HeadRow} cols=${cols} />
      ${rows.map((r, i) => html`<div key=${r.key} role="row" aria-rowindex=${String(first + i + 1)}
        class=${`${r.selected ? "sel" : ""}${r.dim ? " dim" : ""}`}>
        ${r.cells.map((c, k) => html`<div key=${k} role="cell" class=${cols[k].right ? "r" : ""}
          data-l=${labels && k ? cols[k].label : undefined}>${c}</div>`)}
      </div>`)}
    </div>
    ${end ? html`<div class="end">${end}</div>` : null}
  </div>`;
}

/**
 * Which rows, of how many, and the way to the next and back.
 * @param {{first: number, shown: number, total: number, older: (() => void) | null,
 *   newer: (() => void) | null, children?: any}} props
 */
export function Paging({ first, shown, total, older, newer, children }) {
  return html`<div class="paging"><span>
      ${t("table.rows", { first, last: first + shown - 1, total })} ${children}</span>
    ${older || newer ? html`<span class="acts">
      <button type="button" class="btn small" disabled=${!newer} onClick=${newer}>${t("table.newer")}</button>
      <button type="button" class="btn small" disabled=${!older} onClick=${older}>${t("table.older")}</button>
    </span>` : null}</div>`;
}

/** @param {{list: import("./paged.js").Paged}} props */
export function Waiting({ list }) {
  return html`<${Timed} id="table.as_of" at=${list.res.at} />${" "}
    ${list.waiting ? html`<button type="button" class="link" onClick=${list.show}>
      ${t("table.new", { n: list.waiting })}</button>` : null}`;
}

export const ButtonsOff = () =>
  html`<div class="hl off"><${Icon} name="ask" /><span class="grow">${t("silent.buttons_off")}</span></div>`;
