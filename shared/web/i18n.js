// Sentences by id. One JSON file a language maps ids to ICU messages, of which this knows:
//   {name}                                         a value; numbers are written by Intl
//   {n, plural, =0 {none} one {# piece} other {# pieces}}
//   {x, select, paper_out {no labels} other {not ready}}
//   <b>...</b>                                     emphasis
// A message becomes a list of parts, so that values may be virtual nodes and no markup is parsed
// by the browser. Code never glues sentences; it only names ids and parameters.

/**
 * @typedef {{kind: "text", text: string} | {kind: "value", name: string}
 *   | {kind: "hash"} | {kind: "b", body: Part[]}
 *   | {kind: "plural" | "select", name: string, cases: Record<string, Part[]>}} Part
 * @typedef {Record<string, any>} Params
 * @typedef {{text: (id: string, params?: Params) => string,
 *   parts: (id: string, params?: Params, bold?: (body: any[]) => any) => any[],
 *   has: (id: string) => boolean, lang: string,
 *   number: (n: number) => string}} Words
 */

/**
 * Reads one ICU message. Throws on a message that does not close; the strings test runs it on all.
 * @param {string} source
 * @returns {Part[]}
 */
export function parseMessage(source) {
  let at = 0;

  /** @param {(rest: string) => boolean} ends */
  function body(ends) {
    /** @type {Part[]} */
    const parts = [];
    let text = "";
    const flush = () => {
      if (text) parts.push({ kind: "text", text });
      text = "";
    };
    while (at < source.length && !ends(source.slice(at))) {
      const rest = source.slice(at);
      if (rest.startsWith("<b>")) {
        flush();
        at += 3;
        parts.push({ kind: "b", body: body((r) => r.startsWith("</b>")) });
        at += 4;
      } else if (rest[0] === "{") {
        flush();
        parts.push(argument());
      } else if (rest[0] === "#") {
        flush();
        at += 1;
        parts.push({ kind: "hash" });
      } else {
        text += rest[0];
        at += 1;
      }
    }
    flush();
    return parts;
  }

  /** @returns {Part} */
  function argument() {
    const head = /^\{\s*([a-z_]+)\s*(?:\}|,\s*(plural|select)\s*,)/.exec(source.slice(at));
    if (!head) throw new Error(`unreadable argument at ${at} of "${source}"`);
    at += head[0].length;
    if (!head[2]) return { kind: "value", name: head[1] };
    /** @type {Record<string, Part[]>} */
    const cases = {};
    for (;;) {
      const c = /^\s*(?:(=?[a-z0-9_]+)\s*\{|\})/.exec(source.slice(at));
      if (!c) throw new Error(`unreadable case at ${at} of "${source}"`);
      at += c[0].length;
      if (!c[1]) break;
      cases[c[1]] = body((r) => r[0] === "}");
      if (source[at] !== "}") throw new Error(`case ${c[1]} of "${source}" does not close`);
      at += 1;
    }
    if (!cases.other) throw new Error(`"${source}" has no case other`);
    return { kind: head[2] === "plural" ? "plural" : "select", name: head[1], cases };
  }

  return body(() => false);
}

/**
 * Names of the parameters a message uses; the strings test compares them across languages.
 * @param {Part[]} parts
 * @returns {Set<string>}
 */
export function parameterNames(parts) {
  const names = new Set();
  for (const p of parts) {
    if ("name" in p) names.add(p.name);
    if ("cases" in p)
      for (const c of Object.values(p.cases)) for (const n of parameterNames(c)) names.add(n);
    if ("body" in p) for (const n of parameterNames(p.body)) names.add(n);
  }
  return names;
}

/**
 * @param {string} lang BCP 47 tag
 * @param {Record<string, string>} messages of that language
 * @param {Record<string, string>} [fallback] English, for ids not yet translated
 * @returns {Words}
 */
export function words(lang, messages, fallback = {}) {
  const numbers = new Intl.NumberFormat(lang);
  const plurals = new Intl.PluralRules(lang);
  /** @type {Map<string, Part[]>} */
  const parsed = new Map();

  /** @param {string} id */
  const message = (id) => {
    let parts = parsed.get(id);
    if (!parts) {
      parts = parseMessage(messages[id] ?? fallback[id] ?? id);
      parsed.set(id, parts);
    }
    return parts;
  };

  /**
   * @param {Part[]} parts
   * @param {Params} params
   * @param {(body: any[]) => any} bold
   * @param {number} [hash]
   * @returns {any[]}
   */
  function fill(parts, params, bold, hash) {
    const out = [];
    for (const p of parts) {
      if (p.kind === "text") out.push(p.text);
      else if (p.kind === "hash") out.push(hash === undefined ? "#" : numbers.format(hash));
      else if (p.kind === "b") out.push(bold(fill(p.body, params, bold, hash)));
      else if (p.kind === "value") {
        const v = params[p.name];
        out.push(typeof v === "number" ? numbers.format(v) : v ?? "");
      } else {
        const v = params[p.name];
        const n = Number(v);
        const chosen =
          p.kind === "select"
            ? p.cases[String(v)]
            : p.cases[`=${n}`] ?? p.cases[plurals.select(n)];
        out.push(...fill(chosen ?? p.cases.other, params, bold, p.kind === "plural" ? n : hash));
      }
    }
    return out;
  }

  return {
    lang,
    has: (id) => id in messages || id in fallback,
    number: (n) => numbers.format(n),
    parts: (id, params = {}, bold = (b) => b) => fill(message(id), params, bold),
    text: (id, params = {}) => fill(message(id), params, (b) => b.join("")).join(""),
  };
}
