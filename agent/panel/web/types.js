// The shapes of agent/panel/VIEW.md for the type checker. No code.

/**
 * @typedef {"next" | "ok" | "wait" | "ask" | "stop"} Tone
 * @typedef {Record<string, string | number | null | undefined>} Params
 * @typedef {{line: number, sku: string, title: string, detail: string, bin: string, have: number,
 *   want: number, short: number, hot: boolean, key: number | null, needs?: string}} Line
 * @typedef {{id: string, n?: number, of?: number, at_ms?: number, span_ms?: number,
 *   text?: string}} Fact
 * @typedef {{title: string, sku: string, bin: string}} Thing
 * @typedef {{kind: "lines" | "back", lines: Line[], more_lines?: number, more_pieces?: number}} Lines
 * @typedef {{kind: "pair", hand: Thing, need: Thing}} Pair
 * @typedef {{number: string, where: string, pieces: number, carrier: string,
 *   due_ms: number | null}} QueueRow
 * @typedef {{carrier: string, due_ms: number | null, orders: number}} Collection
 * @typedef {{number: string, where: string, pieces: number}} Aside
 * @typedef {{kind: "queue", total: number, rows: QueueRow[], next: Collection[],
 *   aside?: Aside[], aside_total?: number, counts?: number, count?: Thing | null}} Queue
 * @typedef {{kind: "count", title: string, sku: string, bin: string, n: number}} Counting
 * @typedef {{kind: "left" | "full", facts: Fact[]}} Facts
 * @typedef {{step: "bought" | "written" | "sent" | "printer_says" | "scanned",
 *   state: "done" | "now" | "open" | "blocked", at_ms: number | null, detail: string}} Step
 * @typedef {{kind: "ladder", tracking: string, rows: Step[]}} Ladder
 * @typedef {{kind: "card", text: string}} Card
 * @typedef {{kind: "scale", weight_g: number, min_g: number, max_g: number, read_ms: number,
 *   likely: {what: "missing" | "extra", n: number, title: string, weight_g: number} | null}} Scale
 * @typedef {Lines | Pair | Queue | Counting | Facts | Ladder | Card | Scale
 *   | {kind: "question" | "sheet" | "none"}} Body
 * @typedef {{id: string, kind: string, p: Params, at_ms: number, undo: boolean,
 *   refused: boolean}} Action
 * @typedef {{id: string, kind: "scanner" | "printer" | "scale", name: string, state: string,
 *   sev: "ok" | "warn" | "bad", detail: string, heard_ms: number | null, labels_left?: number,
 *   weight_g?: number, steady?: boolean}} Device
 * @typedef {{up: boolean, heard_ms: number | null, waiting: number, oldest_ms: number | null,
 *   received: number, sev: "ok" | "warn" | "bad", catching_up?: boolean, kept?: number,
 *   kept_most?: number, room?: "plenty" | "warn" | "full"}} Sync
 * @typedef {{id: string, number: string, customer: string, city: string, weight_g: number | null,
 *   carrier: string, due_ms: number | null, pieces_done: number, pieces_short: number,
 *   pieces_total: number}} Order
 * @typedef {{v: number, now_ms: number, lang: string, theme: "light" | "dark", scale: number,
 *   bench: {name: string, site: string, workflow: string, person: string}, closed_today: number,
 *   sound: string, sound_seq: number, sound_off: boolean,
 *   banner: {id: string, tone: Tone, p: Params},
 *   count: {n: number, kind: "to_go" | "in_box" | "to_take_out" | "counted"} | null, order: Order | null,
 *   body: Body, actions: Action[], commands: (string | null)[], hot: string | null,
 *   devices: Device[], sync: Sync}} View
 *
 * What every component is given: the station's time as this page knows it, words and figures.
 * @typedef {{now: number, words: import("/shared/i18n.js").Words,
 *   figures: import("./figures.js").Figures}} Desk
 */
export {};
