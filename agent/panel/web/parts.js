// Small pieces that several bands draw.
import { html } from "/shared/ui.js";

/** @param {{id: string}} props */
export const Icon = ({ id }) =>
  html`<svg aria-hidden="true"><use href=${`#i-${id}`} /></svg>`;

/** Facts as term and value; the value is drawn first and big.
 * @param {{rows: [any, string][]}} props */
export const FactGrid = ({ rows }) =>
  html`<dl class="facts">
    ${rows.map(([value, what]) => html`<div><dt>${what}</dt><dd class="clip">${value}</dd></div>`)}
  </dl>`;
