// What the station page weighs and touches, and what its keyboard does. What a message costs in time
// is shown by `deploy/bench.sh page`.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { browser, watch } from "../tool/browser.mjs";
import { fixture, STATES } from "../tool/fixtures.mjs";
import { serve } from "../tool/serve.mjs";

const PAGE_BYTES_MOST = 150_000;
const VIEW_BYTES_MOST = 8_192;
const NODES_TOUCHED_MOST = 400;
const AGES_MOST = 10;

/** @type {Awaited<ReturnType<typeof serve>>} */ let server;
/** @type {Awaited<ReturnType<typeof browser>>} */ let chromium;
/** @type {import("playwright-core").Page} */ let page;
/** @type {string[]} */ let bad;

before(async () => {
  server = await serve();
  chromium = await browser();
  page = await chromium.context.newPage();
  await page.setViewportSize({ width: 1280, height: 800 });
  bad = watch(page, () => server.url);
});
after(async () => {
  await chromium?.close();
  server?.close();
});

/** Keeps the page's listener, so that a message can be handed to it, and lets the page's clock stand
 * still, so that nothing is drawn between two messages however slow the computer is. */
function keepListener() {
  const at = performance.now();
  performance.now = () => at;
  const add = WebSocket.prototype.addEventListener;
  WebSocket.prototype.addEventListener = function (/** @type {any[]} */ ...args) {
    if (args[0] === "message") /** @type {any} */ (window).hear = args[1];
    // @ts-ignore: handed on as it came
    return add.apply(this, args);
  };
}

/** @param {string} id @param {object} [change] */
async function open(id, change) {
  server.show(fixture(id, change));
  await page.goto(server.url);
  await page.waitForSelector(`.page[data-state="${fixture(id).banner.id}"]`);
  server.heard.length = 0;
}

test("The whole page is under 150 kB and asks for nothing twice", async () => {
  const before = server.bytes();
  /** @type {string[]} */
  const asked = [];
  page.on("response", (r) => asked.push(new URL(r.url()).pathname));
  await open("item-accepted");
  await page.waitForTimeout(300);
  const bytes = server.bytes() - before;
  assert.ok(bytes < PAGE_BYTES_MOST, `${bytes} bytes`);
  assert.deepEqual([...new Set(asked)].sort(), [...asked].sort());
  console.log(`# page: ${bytes} bytes in ${asked.length} files`);
});

test("Every view is under 8 kB", () => {
  for (const id of STATES) {
    const bytes = Buffer.byteLength(JSON.stringify(fixture(id)));
    assert.ok(bytes < VIEW_BYTES_MOST, `${id}: ${bytes} bytes`);
  }
});

/**
 * What the page changes while it takes one message: elements and texts put in and taken out (with
 * all below them), texts and attributes written, and which of that was for nothing.
 * @param {object} view
 */
const touched = (view) =>
  page.evaluate((text) => {
    const whole = (/** @type {Node} */ n) => {
      let nodes = 1;
      for (const walk = document.createTreeWalker(n); walk.nextNode(); ) nodes += 1;
      return nodes;
    };
    const seen = new MutationObserver(() => {});
    seen.observe(document.documentElement, {
      subtree: true, childList: true,
      characterData: true, characterDataOldValue: true, attributes: true, attributeOldValue: true,
    });
    /** @type {any} */ (window).hear(new MessageEvent("message", { data: text }));
    const found = { added: 0, removed: 0, texts: 0, attributes: 0, idle: /** @type {string[]} */ ([]) };
    for (const r of seen.takeRecords()) {
      for (const n of r.addedNodes) found.added += whole(n);
      for (const n of r.removedNodes) found.removed += whole(n);
      if (r.type === "characterData") {
        const now = r.target.nodeValue;
        if (now !== r.oldValue) found.texts += 1;
        // Preact writes an empty text anew each time; that costs no layout.
        else if (now !== "") found.idle.push(`text ${now}`);
      } else if (r.type === "attributes") {
        const at = /** @type {Element} */ (r.target);
        found.attributes += 1;
        // The banner tries its sizes: the one that fits may be the one it had.
        if (at.getAttribute(r.attributeName ?? "") === r.oldValue && at.nodeName !== "H1")
          found.idle.push(`${at.nodeName} ${r.attributeName}=${r.oldValue}`);
      }
    }
    seen.disconnect();
    return found;
  }, JSON.stringify(view));

test("Words of the browser's language that come late do not drive out those of the bench", async () => {
  server.slow.set("/strings/en.json", 800);
  try {
    server.show(fixture("idle", { lang: "de" }));
    const late = page.waitForResponse((r) => r.url().endsWith("/strings/en.json"));
    await page.goto(server.url);
    await page.waitForSelector("html[lang=de] .page");
    await (await late).finished();
    await page.waitForTimeout(1500); // a redraw comes each second
    assert.equal(await page.getAttribute("html", "lang"), "de");
  } finally {
    server.slow.clear();
  }
});

test("A message touches what changed and nothing else: again the same view touches nothing", async () => {
  const alone = page;
  page = await chromium.context.newPage();
  await page.addInitScript(keepListener);
  await open("idle");
  server.silence();
  const most = { nodes: 0, texts: 0 };
  for (const id of STATES) {
    const view = fixture(id, { sound_seq: 1000 });
    const shown = await touched(view);
    assert.deepEqual(shown.idle, [], id);
    assert.ok(shown.added + shown.removed <= NODES_TOUCHED_MOST, `${id}: ${JSON.stringify(shown)}`);
    const again = await touched(view);
    assert.deepEqual(again, { added: 0, removed: 0, texts: 0, attributes: 0, idle: [] }, `${id} again`);
    const later = await touched({ ...view, now_ms: view.now_ms + 1000 });
    assert.deepEqual([later.added, later.removed, later.idle], [0, 0, []], `${id} a second later`);
    assert.ok(later.texts <= AGES_MOST, `${id} a second later: ${JSON.stringify(later)}`);
    most.nodes = Math.max(most.nodes, shown.added + shown.removed);
    most.texts = Math.max(most.texts, later.texts);
  }
  console.log(`# message: at most ${most.nodes} nodes put in or taken out; ${most.texts} texts a second later`);
  await page.close();
  page = alone;
});

test("Boxes to be emptied head the queue with what to do, however little waits", async () => {
  await open("idle-aside");
  const queue = /** @type {import("../../../agent/panel/web/types.js").Queue} */ (fixture("idle-aside").body);
  const rows = async () => (await page.locator(".rows li").allInnerTexts()).map((t) => t.replace(/\s+/g, " ").trim());
  assert.deepEqual((await rows()).slice(0, 3), [
    "#RW-20849 Tote T-103, rack 1 Take the pieces out of this box Scan its order, then each of its 3 pieces",
    "302-8841267-3391502 Take the pieces out of this box Scan its order, then the 1 piece in it",
    "#RW-20854 Tote T-118, rack 2 3 pcs 16:30 DHL",
  ]);
  assert.equal(await page.locator(".rows .aside svg").count(), 2);
  const box = { number: "#RW-20841", where: "", pieces: 24 };
  const full = { ...queue, aside_total: 5, aside: [box, box, { ...box, number: "#RW-20842" }] };
  await open("idle", { body: full });
  assert.deepEqual((await rows()).map((t) => t.split(" ")[0]), ["#RW-20841", "#RW-20841", "#RW-20842", "#RW-20854", "302-8841267-3391541"]);
  assert.equal(await page.locator(".panel h2").first().innerText(), "5 boxes to empty. Waiting at this bench: 14 orders");
  await open("idle", { body: { ...full, total: 0, rows: [], next: [] } });
  assert.equal((await rows()).length, 3);
  assert.equal(await page.locator(".panel h2").first().innerText(), "5 boxes to empty. No order waits at this bench");
});

test("Text typed by a person is shown, sent with Enter and dropped with Escape", async () => {
  await open("idle");
  await page.keyboard.type("RW-20854", { delay: 60 });
  assert.equal(await page.locator(".typed b").textContent(), "RW-20854");
  await page.waitForTimeout(60);
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => !document.querySelector(".typed"));
  await page.waitForTimeout(60);
  await page.keyboard.type("12", { delay: 60 });
  await page.waitForTimeout(60);
  await page.keyboard.press("Escape");
  await page.waitForTimeout(100);
  assert.deepEqual(server.heard, [{ do: "type", text: "RW-20854" }]);
});

test("A scanner that types like a keyboard presses no button and is reported once a second", async () => {
  await open("label-unknown");
  await page.locator(".cmd").first().focus();
  for (let i = 0; i < 3; i += 1) {
    await page.evaluate(async () => {
      for (const key of [..."4006381333931", "Enter"]) {
        const target = document.activeElement ?? document.body;
        const down = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
        if (target.dispatchEvent(down) && key === "Enter" && target instanceof HTMLElement) target.click();
        target.dispatchEvent(new KeyboardEvent("keyup", { key, bubbles: true, cancelable: true }));
        await new Promise((done) => setTimeout(done, 5));
      }
    });
    await page.waitForTimeout(50);
  }
  assert.deepEqual(server.heard, [{ do: "unknown-keys" }]);
  assert.equal(await page.locator(".typed").count(), 0);
});

test("Alt and a digit press the command of that place, an empty place nothing", async () => {
  await open("item-accepted");
  for (const n of [1, 2, 3, 4, 5, 6]) {
    await page.keyboard.press(`Alt+Digit${n}`);
    await page.waitForTimeout(40);
  }
  const told = ["UNDO", "QTY", "SHORT", "PROBLEM", "HELP"].map((command) => ({ do: "command", command }));
  assert.deepEqual(server.heard, told);
});

test("A touched button says its command and lets go of the focus", async () => {
  await open("item-accepted");
  await page.locator(".cmd").nth(0).click();
  await page.locator(".acts button").click();
  await page.waitForTimeout(50);
  assert.deepEqual(server.heard, [
    { do: "command", command: "UNDO" },
    { do: "undo", action: fixture("item-accepted").actions[0].id },
  ]);
  assert.equal(await page.evaluate(() => document.activeElement === document.body), true);
});

test("Touch targets are 44 px or more", async () => {
  await open("item-accepted");
  for (const box of await page.locator("button").evaluateAll((all) => all.map((b) => {
    const r = b.getBoundingClientRect();
    const reach = getComputedStyle(b, "::after");
    const more = (/** @type {string[]} */ ...sides) => sides.reduce((n, s) => n - (parseFloat(reach.getPropertyValue(s)) || 0), 0);
    return [r.width + more("left", "right"), r.height + more("top", "bottom")];
  }))) assert.ok(box[0] >= 44 && box[1] >= 44, String(box));
});

test("At 200 % zoom everything is still there: bands grow, the page scrolls down, never sideways", async () => {
  await page.setViewportSize({ width: 640, height: 400 });
  for (const id of ["item-accepted", "label-unknown", "wrong-item", "help"]) {
    await open(id);
    const found = await page.evaluate(() => {
      const out = [];
      if (document.documentElement.scrollWidth > innerWidth) out.push("scrolls sideways");
      for (const e of document.querySelectorAll(".panel, .next .text, .strip, .cmds"))
        if (getComputedStyle(e).overflowY !== "visible" && e.scrollHeight > e.clientHeight + 2) out.push(`cut: ${e.className}`);
      return out;
    });
    assert.deepEqual(found, [], id);
  }
  await page.setViewportSize({ width: 1280, height: 800 });
});

test("Readers hear each state once, stop at once, and never an age", async () => {
  await open("item-accepted");
  await page.waitForTimeout(1100);
  await page.evaluate(() => {
    /** @type {any} */ (window).said = [];
    for (const id of ["polite", "assertive"]) {
      const node = /** @type {HTMLElement} */ (document.getElementById(id));
      new MutationObserver(() => {
        if (node.textContent) /** @type {any} */ (window).said.push(`${id}: ${node.textContent}`);
      }).observe(node, { childList: true, characterData: true, subtree: true });
    }
  });
  server.show(fixture("wrong-item", { sound_seq: 900 }));
  await page.waitForTimeout(1100);
  server.show(fixture("scanner-lost", { sound_seq: 901 }));
  await page.waitForTimeout(150);
  server.show(fixture("idle", { sound_seq: 902 }));
  await page.waitForTimeout(150);
  server.show(fixture("label-scan", { sound_seq: 903 }));
  await page.waitForTimeout(3200);
  /** @type {string[]} */
  const said = await page.evaluate(() => /** @type {any} */ (window).said);
  assert.deepEqual(said.map((s) => s.split(".")[0]), [
    "assertive: Put it back",
    "polite: Plug the scanner in again",
    "polite: Stick it on, then scan it",
  ]);
});

test("Every code of the command sheet is read from the screen by a foreign reader", async () => {
  const dir = mkdtempSync(path.join(tmpdir(), "dockline-sheet-"));
  for (const theme of /** @type {const} */ (["light", "dark"])) {
    await open("help", { theme });
    await page.waitForTimeout(200);
    const cells = page.locator(".sheet li");
    assert.equal(await cells.count(), 20);
    for (let i = 0; i < 20; i += 1) {
      const file = path.join(dir, `${theme}-${i}.png`);
      writeFileSync(file, await cells.nth(i).screenshot());
      const read = execFileSync("zbarimg", ["--quiet", "--raw", file], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
      assert.equal(read.trim(), await cells.nth(i).locator("svg").getAttribute("data-code"));
    }
  }
  rmSync(dir, { recursive: true, force: true });
});

test("Nothing was refused by the page's policy and nothing came from elsewhere", () => {
  assert.equal(bad.join("\n"), "");
});
