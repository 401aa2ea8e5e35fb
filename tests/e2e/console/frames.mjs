// What a list costs while a reader scrolls through it: the time between frames, by wheel and by
// dragging the bar, in the browser's own clock.

const LONG_MS = 50; // three frames of 60 a second: what a person sees as a stutter

/** @param {number[]} v @param {number} share */
const quantile = (v, share) => [...v].sort((a, b) => a - b)[Math.min(v.length - 1, Math.floor(v.length * share))] ?? 0;

/** Seconds of the main thread so far: code, style and layout. @param {import("playwright-core").CDPSession} cdp */
async function spent(cdp) {
  const { metrics } = await cdp.send("Performance.getMetrics");
  return metrics.filter((m) => /^(Script|Layout|RecalcStyle)Duration$/.test(m.name)).reduce((n, m) => n + m.value, 0);
}

/** @param {import("playwright-core").Page} page @param {string} name @param {() => Promise<void>} act */
async function watched(page, name, act) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Performance.enable");
  const before = await spent(cdp);
  await page.evaluate(() => {
    const w = /** @type {any} */ (window);
    w.gaps = [];
    let last = performance.now();
    const step = (/** @type {number} */ now) => { w.gaps?.push(now - last); last = now; if (w.gaps) requestAnimationFrame(step); };
    requestAnimationFrame(step);
  });
  await act();
  const gaps = await page.evaluate(() => { const w = /** @type {any} */ (window); const g = w.gaps; w.gaps = null; return g.slice(1); });
  const each = ((await spent(cdp)) - before) * 1000 / gaps.length;
  const long = gaps.filter((/** @type {number} */ g) => g > LONG_MS);
  return `${name}: ${gaps.length} frames, half within ${quantile(gaps, 0.5).toFixed(1)} ms, 99 in 100 within ${quantile(gaps, 0.99).toFixed(1)} ms, `
    + `longest ${Math.max(...gaps).toFixed(1)} ms, ${long.length} over ${LONG_MS} ms; code, style and layout ${each.toFixed(1)} ms a frame`;
}

/** @param {import("playwright-core").Page} page with a list on it @returns {Promise<string>} */
export async function frames(page) {
  const box = page.locator(".vbox");
  const b = await box.boundingBox();
  await page.mouse.move((b?.x ?? 0) + 200, (b?.y ?? 0) + 200);
  const wheel = await watched(page, "wheel", async () => {
    for (let i = 0; i < 120; i++) {
      await page.mouse.wheel(0, 400);
      await page.waitForTimeout(16);
    }
  });
  // The bar dragged from the top to the end: each frame shows rows that were never fetched.
  const drag = await watched(page, "drag", () => box.evaluate(async (el) => {
    const far = el.scrollHeight - el.clientHeight;
    for (let i = 0; i <= 180; i++) {
      el.scrollTop = (far * i) / 180;
      await new Promise((r) => requestAnimationFrame(r));
    }
  }));
  await page.waitForFunction(() => !document.querySelector(".vspace .skel"));
  return `${wheel}; ${drag}`;
}
