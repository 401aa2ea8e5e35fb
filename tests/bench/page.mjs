// What a message costs the station page's main thread: page.mjs ROUNDS SAMPLES prints one JSON line.
//
// The real page in headless Chromium draws the real states (agent/panel/fixtures) one after the
// other, ROUNDS times; then the dearest of them SAMPLES times, always from the state before it. A
// message's cost: the page's own listener, from the text of the message to styles and layout done.
// Its limit, measured right after it in the same page: the same text read by JSON.parse, and every
// text, attribute and node that differs put in its place by plain DOM calls that were worked out
// before the clock started, with the same styles and layout. No page can do with less.
import { browser } from "../e2e/tool/browser.mjs";
import { fixture, STATES } from "../e2e/tool/fixtures.mjs";
import { serve } from "../e2e/tool/serve.mjs";

/** Keeps the page's listener of messages, so that a message can be handed to it on the clock. */
function keepListener() {
  const add = WebSocket.prototype.addEventListener;
  WebSocket.prototype.addEventListener = function (/** @type {any[]} */ ...args) {
    if (args[0] === "message") /** @type {any} */ (window).hear = args[1];
    // @ts-ignore: handed on as it came
    return add.apply(this, args);
  };
}

/** Runs in the page, without a pause: nothing else of the page comes between.
 * @param {{id: string, text: string}[]} messages
 * @returns {{id: string, ms: number, limit_ms: number, changes: number}[]} */
function measure(messages) {
  const root = /** @type {HTMLElement} */ (document.getElementById("root"));
  const plain = /** @type {HTMLElement} */ (root.cloneNode(true));
  const flush = () => document.body.getBoundingClientRect();

  /** What makes `is` look like `want`, place by place. @param {Node} is @param {Node} want
   * @param {(() => void)[]} out */
  function changes(is, want, out) {
    if (is.nodeType !== want.nodeType || is.nodeName !== want.nodeName) {
      const fresh = want.cloneNode(true);
      out.push(() => /** @type {ChildNode} */ (is).replaceWith(fresh));
      return;
    }
    if (is instanceof CharacterData) {
      const text = want.nodeValue;
      if (is.nodeValue !== text) out.push(() => (is.nodeValue = text));
      return;
    }
    if (is instanceof Element && want instanceof Element) {
      for (const { name, value } of want.attributes)
        if (is.getAttribute(name) !== value) out.push(() => is.setAttribute(name, value));
      for (const { name } of is.attributes)
        if (!want.hasAttribute(name)) out.push(() => is.removeAttribute(name));
    }
    const [have, need] = [[...is.childNodes], [...want.childNodes]];
    need.forEach((child, i) => {
      if (i < have.length) return changes(have[i], child, out);
      const fresh = child.cloneNode(true);
      out.push(() => is.appendChild(fresh));
    });
    for (const child of have.slice(need.length)) out.push(() => child.remove());
  }

  return messages.map(({ id, text }) => {
    flush();
    const event = new MessageEvent("message", { data: text });
    let from = performance.now();
    /** @type {any} */ (window).hear(event);
    flush();
    const ms = performance.now() - from;

    /** @type {(() => void)[]} */
    const list = [];
    changes(plain, root, list);
    root.replaceWith(plain);
    flush();
    from = performance.now();
    JSON.parse(text);
    for (const change of list) change();
    flush();
    const limit_ms = performance.now() - from;
    if (plain.innerHTML !== root.innerHTML) throw new Error(`${id}: the limit drew something else`);
    plain.replaceWith(root);
    return { id, ms, limit_ms, changes: list.length };
  });
}

/** @param {number[]} values @param {number} share */
const at = (values, share) => [...values].sort((a, b) => a - b)[Math.max(Math.ceil(share * values.length) - 1, 0)];

/** Time goes on from message to message, as at a bench: ages grow, every sound is a new one. */
let seconds = 0;
/** @param {string[]} ids */
const texts = (ids) =>
  ids.map((id) => {
    seconds += 1;
    const view = fixture(id, { sound_seq: 1000 + seconds });
    return { id, text: JSON.stringify({ ...view, now_ms: view.now_ms + 1000 * seconds }) };
  });

async function main() {
  const [rounds, samples] = process.argv.slice(2).map(Number);
  const server = await serve(0, { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" });
  const chromium = await browser();
  try {
    const page = await chromium.context.newPage();
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.addInitScript(keepListener);
    server.show(fixture(STATES[0]));
    await page.goto(server.url);
    await page.waitForSelector(".page[data-state]");
    server.silence(); // only messages of ours from here on
    if (!(await page.evaluate(() => crossOriginIsolated))) throw new Error("the clock is too coarse");

    /** @type {ReturnType<typeof measure>} */
    const all = [];
    for (let i = 0; i < rounds; i += 1) all.push(...(await page.evaluate(measure, texts(STATES))));
    const first = all.slice(0, STATES.length).map((one) => one.ms);
    // The dearest at its best of all rounds: what the page needs, not what else the computer did.
    const cost = (/** @type {string} */ id) => Math.min(...all.filter((one) => one.id === id).map((one) => one.ms));
    const dearest = STATES.reduce((a, b) => (cost(b) > cost(a) ? b : a));
    const before = STATES.at(STATES.indexOf(dearest) - 1) ?? STATES[0];
    const pairs = Array.from({ length: samples }, () => [before, dearest]).flat();
    const seen = (await page.evaluate(measure, texts(pairs))).filter((_, i) => i % 2 === 1);
    const ages = await page.evaluate(measure, texts(Array.from({ length: samples }, () => dearest)));

    /** Both at their best or at a share of all. @param {typeof all} of @param {number} share */
    const point = (of, share) => ({ ms: at(of.map((o) => o.ms), share), limit_ms: at(of.map((o) => o.limit_ms), share) });
    console.log(
      JSON.stringify({
        dearest, before, states: STATES.length, messages: all.length, changes: seen[0].changes,
        first_ms: Math.max(...first), best: point(seen, 0), p50: point(seen, 0.5), p99: point(seen, 0.99),
        all_p50: point(all, 0.5), all_p99: point(all, 0.99), ages_p50: point(ages.slice(1), 0.5),
      }),
    );
  } finally {
    await chromium.close();
    server.close();
  }
}

await main();
