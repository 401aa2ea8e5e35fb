// A file of orders, stock, items or another table: handed over, followed while it is digested, and what became of its lines.
import { html, useState } from "/shared/ui.js";
import { ApiError, query, request } from "../api.js";
import { line } from "../live.js";
import { Age, Card, Empty, Failure, Head, Part, Tag } from "../parts.js";
import { usePaged } from "../paged.js";
import { useResource } from "../resource.js";
import { go, href } from "../router.js";
import { useSignal } from "../signal.js";
import { Paging, Table } from "../table.js";
import { num, t } from "../words.js";

const KINDS = ["orders", "stock", "items", "barcodes", "suppliers", "supplies", "deliveries", "counts", "sites"];

function Upload() {
  const [trouble, setTrouble] = useState(/** @type {ApiError | null} */ (null));
  const [busy, setBusy] = useState(false);
  const off = useSignal(line).mode !== "live";
  /** @param {SubmitEvent} e */
  const submit = async (e) => {
    e.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (e.currentTarget));
    const file = /** @type {File} */ (form.get("file"));
    if (!file?.size) return;
    setBusy(true);
    try {
      const answer = await request("POST", `/imports${query({ kind: String(form.get("kind")), name: file.name })}`, { file });
      go(href("import", answer.import));
    } catch (x) {
      setTrouble(x instanceof ApiError ? x : new ApiError("broken", String(x), ""));
    }
    setBusy(false);
  };
  return html`<form class="card pad form" onSubmit=${submit}>
    <label>${t("import.kind")}<select name="kind">${KINDS.map((k) => html`<option value=${k}>${t(`import.${k}`)}</option>`)}</select></label>
    <label>${t("import.file")}<input name="file" type="file" accept=".csv,.txt,.tsv,text/csv" required /></label>
    <p class="m">${t("import.meaning")}</p>
    ${trouble ? html`<${Failure} error=${trouble} at=${0} />` : null}
    <div class="acts"><button type="submit" class="btn go" disabled=${off || busy}>${t("import.go")}</button></div></form>`;
}

/** @param {any} i */
const stateTag = (i) => html`<${Tag} tone=${i.state === "failed" ? "stop" : i.state === "done" ? "ok" : "wait"}>${t(`import.${i.state}`)}<//>`;

function Earlier() {
  const res = useResource("/imports", ["imports"]);
  return html`<${Card} title=${t("import.earlier")}><${Part} res=${res} draw=${(/** @type {any} */ d) => d.items.length
    ? html`<div class="rows">${d.items.slice(0, 20).map((/** @type {any} */ i) => html`<div key=${i.id} class="res three">
        <span>${stateTag(i)}</span><span class="cell"><a class="clip" data-nav href=${href("import", i.id)}>${i.file}</a>
        <span class="s m clip">${t("import.lines", { n: i.lines, done: i.done })}</span></span><${Age} at=${i.started_ms} /></div>`)}</div>`
    : html`<p class="pad m">${t("import.no_earlier")}</p>`} /><//>`;
}

/** @param {{id: string}} props */
function Rows({ id }) {
  const list = usePaged(`/imports/${encodeURIComponent(id)}/rows`, { outcome: "exception" }, ["imports"], (r) => String(r.row));
  if (!list.rows.length) return null;
  const cols = [{ label: t("import.row"), right: true }, { label: t("import.why") }, { label: t("import.case") }];
  return html`<${Table} label=${t("import.exceptions")} cols=${cols} cls="c-imp" total=${list.total} first=${list.first}
    before=${html`<header><h2>${t("import.exceptions")}</h2></header>`}
    rows=${list.rows.map((r) => ({ key: String(r.row), cells: [num(r.row), r.why, html`<span class="clip"><bdi>${r.subject}</bdi></span>`] }))}
    end=${html`<${Paging} ...${list} shown=${list.rows.length} />`} />`;
}

const OUTCOMES = /** @type {const} */ (["orders", "cancellations", "adjustments", "items", "exceptions"]);

/** @param {{id: string}} props */
function One({ id }) {
  const res = useResource(`/imports/${encodeURIComponent(id)}`, ["imports"]);
  if (!res.data)
    return html`<h1>${t("nav.import")}</h1><div class="card">${res.error?.kind === "missing"
      ? html`<${Empty} icon="file" title=${t("import.missing")}><a class="btn" href=${href("import")}>${t("nav.import")}</a><//>`
      : html`<${Part} res=${res} draw=${() => null} />`}</div>`;
  const i = res.data;
  return html`<${Head} title=${i.file} sub=${html`${stateTag(i)} <${Age} at=${i.started_ms} />`} />
    <div class="grid"><section class="card pad"><label for="done">${t("import.progress", { done: i.done, lines: i.lines })}</label>
        <progress id="done" max=${Math.max(1, i.lines)} value=${i.done}></progress>
        ${i.problem ? html`<p class="bad">${i.problem}</p>` : null}
        ${i.state === "done" && i.changes === 0 ? html`<p class="m">${t("import.known")}</p>` : null}</section>
      <div class="grid g5">${OUTCOMES.map((o) => html`<section key=${o} class="card fig"><h2>${t(`import.n_${o}`)}</h2>
        <div class="v">${num(i[o])} <small>${t("import.of_lines")}</small></div></section>`)}</div>
      <${Rows} id=${id} /></div>`;
}

/** @param {{id: string}} props */
export function Page({ id }) {
  if (id) return html`<${One} key=${id} id=${id} />`;
  return html`<${Head} title=${t("nav.import")} sub=${t("import.sub")} /><div class="grid g2 top"><${Upload} /><${Earlier} /></div>`;
}
