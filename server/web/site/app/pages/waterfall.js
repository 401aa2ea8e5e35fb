// How the figure of one channel comes about, term by term: each with its age, what it speaks of and a
// bar from where the sum stood to where it goes; the last row is what the channel is to be told.
import { html, useState } from "/shared/ui.js";
import { Age, Card, Chips, Tag } from "../parts.js";
import { hasWords, num, t, title } from "../words.js";

/** Terms that a person set; what else has no age is read at this moment. */
const SETTINGS = ["safety_stock", "safety_stock_not_there", "not_its_share", "buffer", "over_the_cap"];

/** @param {any} f @returns {string} */
const nameOf = (f) => (f.location && f.location !== f.channel ? `${f.channel}, ${f.location}` : f.channel);

/** @param {{term: any}} props */
function Words({ term }) {
  const id = `term.${term.name}`;
  return html`<span>${hasWords(id) ? t(id) : term.name.replace(/_/g, " ")}${term.of ? html`, <b>${title(term.of)}</b>` : null}
    ${term.why ? html`<span class="s m block">${term.why}</span>` : null}</span>`;
}

/** The sum before each term, and how far the bars reach. @param {any[]} terms */
function steps(terms) {
  let sum = 0;
  const rows = terms.map((term) => ({ term, from: sum, to: (sum += term.value) }));
  const low = Math.min(0, ...rows.map((r) => r.to));
  const high = Math.max(1, ...rows.map((r) => r.to));
  return { rows, low, over: high - low };
}

/** @param {{from: number, to: number, low: number, over: number}} props */
const Track = ({ from, to, low, over }) => html`<span class="track" aria-hidden="true"><i class=${to >= from ? "b-packed" : "b-risk"}
  style=${{ left: `${((Math.min(from, to) - low) / over) * 100}%`, width: `${(Math.abs(to - from) / over) * 100}%` }}></i></span>`;

/** @param {{f: any}} props */
function Told({ f }) {
  const same = f.told === f.value;
  return html`<p class="pad line"><${Tag} tone=${same ? "ok" : "wait"}>${f.told === null ? t("fall.never_told") : same ? t("fall.told_same") : t("fall.told", { n: f.told })}<//>
    ${f.express ? html` <${Tag} tone="ask">${t("fall.express")}<//>` : null}</p>`;
}

/** @param {{figures: any[]}} props */
export function Waterfall({ figures }) {
  const [at, setAt] = useState(0);
  const f = figures[Math.min(at, figures.length - 1)];
  const { rows, low, over } = steps(f.terms);
  const chips = figures.map((x, i) => ({ id: String(i), label: nameOf(x), on: i === at, pick: () => setAt(i) }));
  return html`<${Card} title=${t("fall.title", { n: f.value, channel: nameOf(f) })} aside=${html`<${Age} at=${f.as_of_ms} never="fall.no_age" />`}>
    ${figures.length > 1 ? html`<div class="pad"><${Chips} label=${t("fall.channels")} chips=${chips} /></div>` : null}
    <div role="table" aria-label=${t("fall.title", { n: f.value, channel: nameOf(f) })}>
      <div role="row" class="hid">${["fall.term", "fall.bar", "fall.pieces", "stock.as_of"].map((id) => html`<span key=${id} role="columnheader">${t(id)}</span>`)}</div>
      ${rows.map((r, i) => html`<div key=${i} role="row" class="fall"><span role="cell"><${Words} term=${r.term} /></span>
        <span role="cell" class="bar-cell"><${Track} from=${r.from} to=${r.to} low=${low} over=${over} /></span>
        <span role="cell" class="q">${r.term.value < 0 ? `−${num(-r.term.value)}` : num(r.term.value)}</span>
        <span role="cell" class="age">${r.term.as_of_ms ? html`<${Age} at=${r.term.as_of_ms} />` : t(SETTINGS.includes(r.term.name) ? "fall.setting" : "fall.now")}</span></div>`)}
      <div role="row" class="fall tot"><span role="cell"><b>${t("fall.is_told")}</b></span><span role="cell" class="hid"></span><span role="cell" class="q">${num(f.value)}</span><span role="cell"></span></div>
    </div><${Told} f=${f} /><//>`;
}
