// The console over fixtures for one file of tests: a browser for all of them, a server anew for each.
import { after, before, beforeEach } from "node:test";
import { open, visit } from "./browser.mjs";
import { serve, TOKEN } from "./serve.mjs";

/** @type {Awaited<ReturnType<typeof serve>>} the one of the test under way */
export let api;
/** @type {import("playwright-core").Browser} */
export let browser;
before(async () => { browser = await open(); });
after(async () => { await browser.close(); });
beforeEach(async () => {
  if (api) api.stop();
  api = await serve();
});
after(() => api.stop());

/** @param {string} hash @param {any} [o] @returns {ReturnType<typeof visit>} */
export async function at(hash, o) {
  const v = await visit(browser, o);
  await v.page.goto(`${api.url}#token=${TOKEN}`);
  await v.page.waitForSelector(".app");
  await v.page.evaluate((h) => { location.hash = h; }, hash);
  await v.page.waitForLoadState("networkidle");
  return v;
}
