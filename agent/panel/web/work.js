// Band 3, left: what the work is now.
import { html } from "/shared/ui.js";
import { difference } from "./difference.js";
import { brief } from "./figures.js";
import { FactGrid, Icon } from "./parts.js";
import { isOpen } from "./sentences.js";
import { Sheet } from "./sheet.js";

/**
 * @typedef {import("./types.js").Desk} Desk
 * @typedef {import("./types.js").View} View
 * @typedef {import("./types.js").Line} Line
 */

/** Heights in hundredths of the screen: what fits into the band (station.css). */
const ROOM = 38.2;
const OPEN_ROW = 8.2;
const SMALL_ROW = 5;
const ROOMY_ROWS_MOST = 4;
const QUEUE_ROWS = 5;
/** Letters that fit below the bin. */
const SKU_MOST = 16;

/**
 * Open rows, then as many done ones as there is room for. A question about a line shows all that
 * have a number, on small rows when they are many.
 * @param {Line[]} lines @param {number} more_lines @param {number} more_pieces open and not sent
 */
export function fitting(lines, more_lines, more_pieces) {
  const keyed = lines.filter((l) => l.key);
  if (keyed.length > ROOMY_ROWS_MOST) return { shown: keyed, tight: true, more_lines: 0, more_pieces: 0 };
  const height = (/** @type {Line} */ l) => (isOpen(l) || l.hot ? OPEN_ROW : SMALL_ROW);
  const open = lines.filter((l) => height(l) === OPEN_ROW);
  const whole = open.length * OPEN_ROW + (more_lines > 0 ? SMALL_ROW : 0) <= ROOM;
  let room = ROOM - (more_lines > 0 || !whole ? SMALL_ROW : 0);
  /** @type {Line[]} */
  const shown = [];
  for (const l of lines) {
    room -= height(l);
    if (room < 0) break;
    shown.push(l);
  }
  const hidden = lines.filter((l) => isOpen(l) && !shown.includes(l));
  return {
    shown,
    tight: false,
    more_lines: more_lines + hidden.length,
    more_pieces: hidden.reduce((n, l) => n + l.want - l.have - l.short, more_pieces),
  };
}

/** @param {Line} l @param {boolean} back */
function markOf(l, back) {
  if (back) return l.have > 0 ? ["m-back", "open"] : ["m-open", "done"];
  if (!isOpen(l)) return l.short > 0 ? ["m-short", "short"] : ["m-done", "done"];
  return l.have + l.short > 0 ? ["m-part", "part"] : ["m-open", "open"];
}

/** @param {{l: Line, back: boolean, desk: Desk}} props */
function Row({ l, back, desk }) {
  const { words } = desk;
  const done = !back && !isOpen(l) && !l.hot;
  const [icon, says] = markOf(l, back);
  const longSku = l.sku.length > SKU_MOST; // never cut: it takes the place of the shop's long text
  const qty = words.parts("ui.of", { have: l.have, want: l.want }, (b) => html`<small>${b}</small>`);
  const needs = l.needs && !done &&
    html`<i class="needs" lang=${document.documentElement.lang}>${words.text("ui.needs", { kind: l.needs })}</i>`;
  const look = [
    "line",
    l.hot && !back && "hot",
    back && l.have > 0 && "bad",
    done && "done",
    l.short > 0 && "short",
  ];
  return html`<li class=${look.filter(Boolean).join(" ")}>
    <div class="mark">
      ${l.key ? html`<span class="key">${l.key}</span>` : html`<${Icon} id=${icon} />`}
      <span class="unseen">${words.text(`ui.mark.${says}`)}</span>
    </div>
    <div class=${l.want > 99 ? "qty huge" : l.want > 9 ? "qty long" : "qty"}>${qty}</div>
    <div class=${longSku ? "what one" : "what"}>
      <b lang="">${l.title}</b>
      ${longSku
        ? html`<span class="sku block">${needs}<bdi>${l.sku}</bdi></span>`
        : (l.detail || needs) && html`<span class="clip block" lang="">${needs}${l.detail}</span>`}
    </div>
    <div class="where">
      <b><bdi>${l.bin}</bdi></b>
      ${l.short > 0 && !done
        ? html`<span>${words.text("ui.missing", { n: l.short })}</span>`
        : !longSku && html`<span class="sku"><bdi>${l.sku}</bdi></span>`}
    </div>
  </li>`;
}


/** @param {{view: View, desk: Desk}} props */
function LineList({ view, desk }) {
  if (view.body.kind !== "lines" && view.body.kind !== "back") return null;
  const back = view.body.kind === "back";
  const { lines, more_lines = 0, more_pieces = 0 } = view.body;
  const fit = fitting(lines, more_lines, more_pieces);
  return html`<h2 class=${back ? "" : "unseen"}>${desk.words.text(back ? "ui.back" : "ui.lines")}</h2>
    <ul class=${fit.tight ? "lines tight" : "lines"}>
      ${fit.shown.map((l) => html`<${Row} key=${l.line} l=${l} back=${back} desk=${desk} />`)}
      ${fit.more_lines > 0 &&
      html`<li class="line more" key="more">
        ${desk.words.text("ui.more", { lines: fit.more_lines, pieces: fit.more_pieces })}
      </li>`}
    </ul>`;
}

/** @param {{thing: import("./types.js").Thing, other: string, kind: "hand" | "need", desk: Desk}} props */
function Half({ thing, other, kind, desk }) {
  const [start, differs, end] = difference(thing.title, other);
  return html`<div class=${kind === "hand" ? "no" : ""}>
    <h2>${desk.words.text(`ui.pair.${kind}`)}</h2>
    <p class=${thing.title.length > 34 ? "title long" : "title"} lang="">
      ${start && html`${start} `}<mark>${differs}</mark>${end && html` ${end}`}
    </p>
    <p class="to">
      ${thing.bin
        ? html`<b><bdi>${thing.bin}</bdi></b> ${desk.words.text(kind === "hand" ? "ui.pair.lives" : "ui.pair.get")}`
        : html`<bdi>${thing.sku}</bdi>`}
    </p>
  </div>`;
}

/** @param {{pair: import("./types.js").Pair, desk: Desk}} props */
const Pair = ({ pair, desk }) =>
  html`<div class="pair">
    <${Half} thing=${pair.hand} other=${pair.need.title} kind="hand" desk=${desk} />
    <${Half} thing=${pair.need} other=${pair.hand.title} kind="need" desk=${desk} />
  </div>`;

/** A box that is to be emptied, before all that waits. @param {{box: import("./types.js").Aside, desk: Desk}} props */
const AsideRow = ({ box, desk: { words } }) =>
  html`<li class="aside">
    <div class="mark"><${Icon} id="m-back" /></div>
    <div>
      <b class="clip block"><bdi>${box.number}</bdi></b>
      <span class="clip block">${box.where}</span>
    </div>
    <div>
      <b class="clip block">${words.text("ui.aside")}</b>
      <span class="clip block">${words.text("ui.aside_how", { n: box.pieces })}</span>
    </div>
  </li>`;

/** A shelf that the office wants counted. @param {{count: import("./types.js").Thing, n: number, desk: Desk}} props */
const AskedRow = ({ count, n, desk: { words } }) =>
  html`<li class="aside asked">
    <div class="mark"><${Icon} id="m-part" /></div>
    <div>
      <b class="clip block" lang="">${brief(count.title || count.sku, 28)}</b>
      <span class="clip block"><bdi>${count.bin || count.sku}</bdi></span>
    </div>
    <div>
      <b class="clip block">${words.text("ui.asked", { n })}</b>
      <span class="clip block">${words.text("ui.asked_how")}</span>
    </div>
  </li>`;

/** The article that is counted. @param {{thing: import("./types.js").Thing, desk: Desk}} props */
const Counted = ({ thing, desk: { words } }) =>
  html`<div class="pair counted">
    <div>
      <h2>${words.text("ui.to_count")}</h2>
      <p class=${thing.title.length > 34 ? "title long" : "title"} lang="">${thing.title}</p>
      <p class="to">
        ${thing.bin
          ? html`<b><bdi>${thing.bin}</bdi></b> ${words.text("ui.to_count_bin")}`
          : html`<bdi>${thing.sku}</bdi>`}
      </p>
    </div>
  </div>`;

/** @param {{queue: import("./types.js").Queue, desk: Desk}} props */
function Queue({ queue, desk }) {
  const { words, figures, now } = desk;
  const { aside = [], aside_total: boxes = 0 } = queue;
  const heading = boxes
    ? html`<h2>${words.text("ui.queue_aside", { boxes, n: queue.total })}</h2>`
    : html`<h2>${words.text("ui.queue", { n: queue.total })}</h2>`;
  const asked = queue.count ? 1 : 0;
  if (!queue.rows.length && !aside.length && !asked)
    return html`${heading}<p class="calm">${words.text("ui.queue_empty")}</p>`;
  return html`${heading}
    <ul class="rows">
      ${aside.map((box, i) => html`<${AsideRow} key=${`aside ${i} ${box.number}`} box=${box} desk=${desk} />`)}
      ${queue.rows.slice(0, QUEUE_ROWS - aside.length - asked).map(
        (r) => html`<li key=${r.number}>
          <b class="clip"><bdi>${r.number}</bdi></b>
          <span class="clip muted">${r.where}</span>
          <span>${words.text("ui.pieces", { n: r.pieces })}</span>
          <b class="clip">${r.due_ms ? `${figures.hm(r.due_ms, now)} ` : ""}${r.carrier}</b>
        </li>`,
      )}
      ${queue.count && html`<${AskedRow} key="asked" count=${queue.count} n=${queue.counts ?? 1} desk=${desk} />`}
    </ul>`;
}

/** @param {import("./types.js").Fact} f @param {Desk} desk */
function factValue(f, desk) {
  const { figures, words, now } = desk;
  if (f.text) return html`<bdi>${f.text}</bdi>`;
  if (f.at_ms) return f.id === "server_heard" ? figures.hm(f.at_ms, now) : figures.hms(f.at_ms, now);
  if (f.span_ms) return figures.span(f.span_ms);
  if (f.id === "free_bytes") return figures.bytes(f.n ?? 0);
  if (f.of) return words.text("fact.n_of", { n: f.n ?? 0, of: f.of });
  return f.n === undefined ? "–" : words.number(f.n);
}

/** @param {{body: import("./types.js").Facts, desk: Desk}} props */
const Facts = ({ body, desk }) =>
  html`<h2>${desk.words.text(`ui.${body.kind}`)}</h2>
    <${FactGrid}
      rows=${body.facts.slice(0, 6).map((f) => [factValue(f, desk), desk.words.text(`fact.${f.id}`)])}
    />`;

/** @type {Record<string, string>} */
const STEP_ICON = { done: "m-done", now: "m-part", open: "m-open", blocked: "m-short" };

/** @param {import("./types.js").Step} s @param {string} tracking @param {Desk} desk */
function stepTime(s, tracking, desk) {
  const { figures, words, now } = desk;
  if (s.step === "bought") return html`<bdi>${tracking}</bdi>`;
  if (s.state === "done") return s.at_ms ? figures.hms(s.at_ms, now) : "";
  if (s.state === "open") return "";
  if (!s.at_ms) return words.text("step.waiting_now");
  const age = figures.span(now - s.at_ms);
  return s.step === "scanned" ? words.text("step.waiting", { age }) : words.text("ui.ago", { age });
}

/** @param {{view: View, desk: Desk}} props */
function Ladder({ view, desk }) {
  if (view.body.kind !== "ladder") return null;
  const { words } = desk;
  const { rows, tracking } = view.body;
  return html`<h2>${words.text("ui.label_of", { number: view.order?.number ?? "" })}</h2>
    <ol class="ladder">
      ${rows.map(
        (s) => html`<li class=${s.state} key=${s.step}>
          <${Icon} id=${STEP_ICON[s.state]} />
          <span class="clip">
            ${s.step === "sent" && s.state === "blocked"
              ? words.text("step.not_sent", { why: s.detail })
              : words.text(`step.${s.step}`)}
            <span class="unseen">: ${words.text(`step.state.${s.state}`)}</span>
          </span>
          <span class="age">${stepTime(s, tracking, desk)}</span>
        </li>`,
      )}
    </ol>`;
}

/** @param {{desk: Desk, send: (m: object) => void}} props */
const Question = ({ desk: { words }, send }) =>
  html`<h2>${words.text("ui.question")}</h2>
    <div class="choices">
      <div class="choice">
        <b>${words.text("ui.question_yes")}</b>
        <span class="says">${words.text("ui.question_yes_how")}</span>
      </div>
      <button class="choice" type="button" onClick=${() => send({ do: "command", command: "NO" })}>
        <b><span class="key">${words.text("cmd.NO")}</span> ${words.text("ui.question_no")}</b>
        <span class="says">${words.text("ui.question_no_how")}</span>
      </button>
    </div>`;

/** Weight on a bar: the band that would be right, the needle, both in words.
 * @param {{body: import("./types.js").Scale, desk: Desk}} props */
function Scale({ body, desk }) {
  const { words, figures, now } = desk;
  const low = Math.min(body.weight_g, body.min_g);
  const high = Math.max(body.weight_g, body.max_g);
  const room = Math.max(high - low, 50);
  /** @param {number} g */
  const x = (g) => 22 + (56 * (g - low)) / room;
  const percent = (/** @type {number} */ v) => `${v}%`;
  const from = x(body.min_g);
  const to = x(body.max_g);
  const is = figures.scale(body.weight_g);
  const want = { min: figures.scale(body.min_g).replace(/ kg$/, ""), max: figures.scale(body.max_g) };
  return html`<h2>${words.text("ui.scale", { age: figures.span(now - body.read_ms) })}</h2>
    <div class="scale">
      <svg role="img" aria-label=${`${words.text("ui.scale_is", { weight: is })}, ${words.text("ui.scale_want", want)}`}>
        <rect class="track" x="0" y="35%" width="100%" height="30%" rx="4" />
        <rect class="tolerance" x=${percent(from)} y="35%" width=${percent(Math.max(to - from, 1))} height="30%" />
        <rect class="needle" x=${percent(x(body.weight_g) - 0.4)} y="31%" width="0.8%" height="38%" rx="3" />
        <text x=${percent(x(body.weight_g))} y="24%">${words.text("ui.scale_is", { weight: is })}</text>
        <text x=${percent((from + to) / 2)} y="86%">${words.text("ui.scale_want", want)}</text>
      </svg>
      <p>
        ${body.likely
          ? words.parts(
              `ui.scale_${body.likely.what}`,
              { ...body.likely, weight: figures.weight(body.likely.weight_g) },
              (b) => html`<b>${b}</b>`,
            )
          : words.text("ui.scale_supervisor")}
      </p>
    </div>`;
}

/** @param {{view: View, desk: Desk, send: (m: object) => void}} props */
export function Work({ view, desk, send }) {
  const { body } = view;
  switch (body.kind) {
    case "lines":
    case "back":
      return html`<${LineList} view=${view} desk=${desk} />`;
    case "pair":
      return html`<${Pair} pair=${body} desk=${desk} />`;
    case "count":
      return html`<${Counted} thing=${body} desk=${desk} />`;
    case "queue":
      return html`<${Queue} queue=${body} desk=${desk} />`;
    case "left":
    case "full":
      return html`<${Facts} body=${body} desk=${desk} />`;
    case "ladder":
      return html`<${Ladder} view=${view} desk=${desk} />`;
    case "question":
      return html`<${Question} desk=${desk} send=${send} />`;
    case "card":
      return html`<h2>${desk.words.text("ui.card")}</h2>
        <p class="card" lang="">${body.text}</p>`;
    case "scale":
      return html`<${Scale} body=${body} desk=${desk} />`;
    case "sheet":
      return html`<${Sheet} desk=${desk} />`;
    default:
      return null;
  }
}

/** What the screen knew before the agent fell silent. @param {{view: View | null, desk: Desk}} props */
export function Frozen({ view, desk }) {
  const { words, figures, now } = desk;
  /** @type {[any, string][]} */
  const rows = [];
  const counted = view?.actions.find((a) => a.kind === "counted");
  if (counted)
    rows.push([
      words.text("act.counted", { ...counted.p, title: brief(String(counted.p.title)) }),
      words.text("fact.last_counted", { at: figures.hms(counted.at_ms, now) }),
    ]);
  if (view?.order)
    rows.push([words.number(view.order.pieces_done), words.text("fact.in_box", { n: view.order.pieces_total })]);
  rows.push([words.text("fact.safe_value"), words.text("fact.safe")]);
  rows.push(["DL-E-AGENT", words.text("fact.error_code")]);
  return html`<h2>${words.text("ui.frozen")}</h2>
    <${FactGrid} rows=${rows} />`;
}
