// Decisions: a list, and for one subject the reason first, then the choices weighed, then what was read.
import { html } from "/shared/ui.js";
import { Age, Card, Clock, Empty, Head, Part, Tag } from "../parts.js";
import { useResource } from "../resource.js";
import { query } from "../api.js";
import { chosen, Filters } from "../filters.js";
import { money } from "../money.js";
import { usePaged } from "../paged.js";
import { href } from "../router.js";
import { useRows } from "../rows.js";
import { Table } from "../table.js";
import { ListOr } from "../vlist.js";
import { hasWords, num, t, title } from "../words.js";

const TOPICS = ["orders", "events", "decisions"];
const OUTCOMES = ["allocated", "partly_allocated", "backordered"];

/** @param {string} outcome */
const outcomeTone = (outcome) => (outcome === "allocated" ? "ok" : "ask");
/** @param {string} outcome */
const outcomeWords = (outcome) => (hasWords(`decision.${outcome}`) ? t(`decision.${outcome}`) : outcome);

/** "vendure:ABC123" -> "ABC123" @param {string} subject */
const numberOf = (subject) => subject.replace(/^[^:]*:/, "");

const columns = () => [
  { label: t("decision.subject") }, { label: t("decision.outcome") }, { label: t("decision.reason") },
  { label: t("decision.when"), right: true },
];

/** @param {any} d @param {boolean} [plain] in a table without keys of its own */
const cells = (d, plain) => [
  html`<a class="clip" tabindex=${plain ? undefined : "-1"} href=${href("decisions", d.subject)}>${numberOf(d.subject)}</a>
    <span class="s m clip">${t("decision.rule", { rule: d.rule, version: d.version })}</span>`,
  html`<${Tag} tone=${outcomeTone(d.outcome)}>${outcomeWords(d.outcome)}<//>`,
  html`<span class="two-lines">${d.reason}</span>`,
  html`<${Age} at=${d.made_ms} />`,
];

/**
 * What the decisions are about, as the API knows it: "shopify:1001". A bare number is looked up as an
 * order's; what names none is asked for as it is.
 * @param {string} q @returns {string | null} null: it is being looked up
 */
function useSubject(q) {
  const found = useResource(q && !q.includes(":") ? `/search${query({ q, limit: 5 })}` : null, []);
  if (!q || q.includes(":")) return q;
  if (!found.data && !found.error) return null;
  const hit = (found.data?.hits ?? []).find((/** @type {any} */ h) => h.type === "order" && h.text.toLowerCase() === q.toLowerCase());
  return hit?.id ?? q;
}

/** @param {string} subject @param {Record<string, string>} now */
const nothing = (subject, now) => (subject ? t("decision.none_of", { subject: numberOf(subject) }) : t(now.site || now.outcome ? "decision.none_such" : "decision.none"));

/** @param {{subject: string, now: Record<string, string>}} props */
function Decided({ subject, now }) {
  const list = useRows("/decisions", /** @type {Record<string, string>} */ ({ ...(subject ? { subject } : {}), ...now }), TOPICS, (d) => d.id);
  return html`<${ListOr} label=${t("nav.decisions")} cols=${columns()} cls="c-dec" list=${list} cells=${(/** @type {any} */ d) => cells(d)} to=${(/** @type {any} */ d) => href("decisions", d.subject)}
      empty=${() => html`<div class="card"><${Empty} icon="decisions" title=${nothing(subject, now)} text=${subject ? "" : t("decision.none_why")} /></div>`} />`;
}

/**
 * Those that gave a site something to do: the server looks through so many records for a page, so
 * that a page may be short, or empty with more behind it.
 * @param {{subject: string, now: Record<string, string>}} props
 */
function OfSite({ subject, now }) {
  const list = usePaged("/decisions", /** @type {Record<string, string>} */ ({ ...(subject ? { subject } : {}), ...now }), TOPICS, (d) => d.id);
  if (!list.res.data) return html`<div class="card"><${Part} res=${list.res} rows=${6} draw=${() => null} /></div>`;
  const behind = list.older ? html`<button type="button" class="btn" onClick=${list.older}>${t("table.older")}</button>` : null;
  if (!list.rows.length) return html`<div class="card"><${Empty} icon="decisions" title=${behind ? t("decision.none_near") : nothing(subject, now)}>${behind}<//></div>`;
  return html`<${Table} label=${t("nav.decisions")} cols=${columns()} cls="c-dec" total=${list.first + list.rows.length - 1} first=${list.first}
    rows=${list.rows.map((d) => ({ key: d.id, cells: cells(d, true) }))} end=${html`<span class="acts">${list.newer ? html`<button type="button" class="btn" onClick=${list.newer}>${t("table.newer")}</button>` : null}${behind}</span>`} />`;
}

/** @param {{now: Record<string, string>}} props */
function DecisionList({ now }) {
  const { q, ...rest } = now;
  const subject = useSubject(q ?? "");
  const sites = useResource("/sites", []);
  const choices = [{ name: "outcome", label: t("decision.outcome"), all: t("decision.any_outcome"), options: OUTCOMES.map((o) => [o, outcomeWords(o)]) },
    { name: "site", label: t("nav.sites"), all: t("station.all_sites"), options: (sites.data?.items ?? []).map((/** @type {any} */ s) => [s.site, title(s.site)]) }];
  const list = rest.site ? OfSite : Decided;
  return html`<${Head} title=${t("nav.decisions")} sub=${t("decision.sub")}><div class="acts push"><a class="btn" href=${href("whatif")}>${t("nav.whatif")}</a></div><//>
    <${Filters} page="decisions" now=${now} text=${t("orders.order")} choices=${choices} />
    ${subject === null ? null : html`<${list} key=${JSON.stringify([subject, rest])} subject=${subject} now=${rest} />`}`;
}

/**
 * Costs term by term and their sum, as one can check with a pencil.
 * @param {{terms: any[], currency: string}} props
 */
function Terms({ terms, currency }) {
  const total = terms.reduce((n, c) => n + c.minor, 0);
  return html`<dl class="terms">${terms.map((c) => html`<dt key=${`${c.rule}${c.why}`}>${c.rule}<span class="s m block">${c.why}</span></dt><dd>${money(c.minor, currency)}</dd>`)}
    <dt class="tot"><b>${t("decision.sum")}</b></dt><dd class="tot"><b>${money(total, currency)}</b></dd></dl>`;
}

/** @param {any} c */
const verdict = (c) => (c.chosen ? t("decision.chosen") : c.ruled_out_by ? t("decision.ruled_out", { rule: c.ruled_out_by }) : t("decision.not_chosen"));

/** @param {{d: any}} props the choices weighed, each with why or why not */
function Weighed({ d }) {
  const cols = [{ label: t("decision.choice") }, { label: t("decision.outcome") }, { label: t("decision.cost"), right: true }];
  return html`<${Table} label=${t("decision.weighed")} cols=${cols} cls="c-cand" total=${d.candidates.length} first=${1} labels
    before=${html`<header><h2>${t("decision.weighed")}</h2></header>`}
    rows=${d.candidates.map((/** @type {any} */ c) => ({ key: c.site, selected: c.chosen, cells: [
      html`<b>${title(c.site)}</b><span class="s m block">${t("decision.priority_n", { n: c.priority })}</span>`,
      html`<${Tag} tone=${c.chosen ? "ok" : "stop"}>${verdict(c)}<//> <span class="s m block">${c.why}</span>`,
      c.costs?.length ? html`<${Terms} terms=${c.costs} currency=${d.currency ?? "EUR"} />` : html`<span class="m">${t("decision.no_cost")}</span>`] }))} />`;
}

/** What the chosen way costs, how sure it is that nothing is cheaper, and under which rules. @param {{d: any}} props */
function Price({ d }) {
  if (!d.costs?.length && !d.optimality && !d.rules?.length) return null;
  const o = d.optimality;
  const currency = d.currency ?? "EUR";
  return html`<${Card} title=${t("decision.price")}>${d.costs?.length ? html`<div class="pad"><${Terms} terms=${d.costs} currency=${currency} /></div>` : null}
    ${o ? html`<p class="pad line">${o.gap_minor ? t("decision.gap", { gap: money(o.gap_minor, currency), bound: money(o.bound_minor, currency), n: o.expanded }) : t("decision.proved", { n: o.expanded })}</p>` : null}
    ${d.rules?.length ? html`<p class="pad line s m">${t("decision.rules", { rules: d.rules.map((/** @type {any} */ r) => `${r.name} v${r.version}`).join(", ") })}</p>` : null}<//>`;
}

/** @param {{d: any}} props */
function Read({ d }) {
  return html`<${Card} title=${t("decision.read")}><dl class="kv pad">${d.inputs.map((/** @type {any} */ i) =>
    html`<dt key=${i.name}>${i.name}</dt><dd>${i.value} ${i.as_of_ms ? html`<${Age} at=${i.as_of_ms} />` : null}</dd>`)}</dl>
    ${d.inputs.length ? null : html`<p class="pad m">${t("decision.read_nothing")}</p>`}<//>`;
}

/** @param {{d: any}} props */
function Taken({ d }) {
  return html`<${Card} title=${t("decision.taken")}>${d.allocations.length ? html`<dl class="kv pad">${d.allocations.map(
    (/** @type {any} */ a) => html`<dt key=${`${a.line}${a.site}`}>${title(a.site)}</dt><dd>${num(a.quantity)} ×${" "}<a href=${href("stock", a.sku)}><bdi>${a.sku}</bdi></a></dd>`)}</dl>` : html`<p class="pad m">${t("decision.taken_nothing")}</p>`}
    ${d.remainder?.length ? html`<p class="pad line">${t("decision.remainder", { what: d.remainder.map((/** @type {any} */ r) => `${num(r.quantity)} × ${r.sku}`).join(", ") })}</p>` : null}
    ${d.policy ? html`<p class="pad line s m">${t("decision.policy", { policy: d.policy })}</p>` : null}<//>`;
}

/** The first sentence carries the decision. @param {string} said */
function sentences(said) {
  const reason = said.charAt(0).toLocaleUpperCase() + said.slice(1);
  const cut = /[.!?] /.exec(reason);
  return cut ? [reason.slice(0, cut.index + 1), reason.slice(cut.index + 1)] : [reason, ""];
}

/** @param {{d: any}} props */
function Decision({ d }) {
  const [first, rest] = sentences(d.reason);
  return html`<div class="grid"><section class="card pad"><p class="say"><b>${first}</b>${rest}</p>
      ${d.by ? html`<p class="m">${t("decision.by", { by: d.by })}</p>` : null}</section>
    ${d.candidates.length ? html`<${Weighed} d=${d} />` : null}
    <div class="grid g2 top"><${Read} d=${d} /><div class="grid side"><${Taken} d=${d} /><${Price} d=${d} /></div></div></div>`;
}

/** @param {{subject: string}} props */
function Of({ subject }) {
  const res = useResource(`/decisions${query({ subject, limit: 20 })}`, TOPICS);
  const items = res.data?.items ?? [];
  const full = useResource(items[0] ? `/decisions/${encodeURIComponent(items[0].id)}` : null, []);
  const d = full.data ?? items[0];
  if (!d)
    return html`<h1>${numberOf(subject)}</h1><div class="card">${res.data
      ? html`<${Empty} icon="decisions" title=${t("decision.none_of", { subject: numberOf(subject) })}>
          <a class="btn" href=${href("decisions")}>${t("nav.decisions")}</a><//>`
      : html`<${Part} res=${res} rows=${6} draw=${() => null} />`}</div>`;
  const chosen = d.candidates.filter((/** @type {any} */ c) => c.chosen).map((/** @type {any} */ c) => title(c.site)).join(" + ");
  const other = d.candidates.filter((/** @type {any} */ c) => !c.chosen).map((/** @type {any} */ c) => title(c.site))[0];
  const head = chosen ? other ? t("decision.why_not", { chosen, other }) : t("decision.why_chosen", { chosen })
    : t("decision.why_waits", { subject: numberOf(subject) });
  return html`<${Head} title=${head} sub=${html`<a href=${href("orders", subject)}>${numberOf(subject)}</a>, ${t("decision.decided")}${" "}<${Clock} at=${d.made_ms} />, ${t("decision.rule", { rule: d.rule, version: d.version })}`} />
    <${Decision} d=${d} />
    ${items.length > 1 ? html`<h2 class="apart">${t("decision.before", { n: items.length - 1 })}</h2>
      <div class="card rows">${items.slice(1).map((/** @type {any} */ e) => html`<div key=${e.id} class="res three wide">
        <span><${Tag} tone=${outcomeTone(e.outcome)}>${outcomeWords(e.outcome)}<//></span><span>${e.reason}</span>
        <${Age} at=${e.made_ms} /></div>`)}</div>` : null}`;
}

/** @param {{id: string, params: URLSearchParams}} props */
export function Page({ id, params }) {
  return id ? html`<${Of} key=${id} subject=${id} />` : html`<${DecisionList} now=${chosen(params, ["q", "outcome", "site"])} />`;
}
