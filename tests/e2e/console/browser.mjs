// A browser page with eyes: console errors, policy violations, overflow, axe.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
export const OUT = path.join(path.dirname(fileURLToPath(import.meta.url)), "../out/console");
mkdirSync(OUT, { recursive: true });

export const SIZES = /** @type {const} */ ({ wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 }, small: { width: 320, height: 640 } });

export async function open() {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update"] });
  return browser;
}

/**
 * @param {import("playwright-core").Browser} browser
 * @param {{theme?: string, lang?: string, size?: {width: number, height: number}}} [o]
 */
export async function visit(browser, o = {}) {
  const context = await browser.newContext({ viewport: o.size ?? SIZES.wide, timezoneId: "Europe/Berlin", locale: "en-GB", reducedMotion: "reduce" });
  const page = await context.newPage();
  /** @type {string[]} */
  const troubles = [];
  page.on("console", (m) => { if (m.type() === "error" || m.type() === "warning") troubles.push(m.text()); });
  page.on("response", (r) => { if (r.status() >= 400) troubles.push(`${r.status()} ${r.url()}`); });
  page.on("pageerror", (e) => troubles.push(String(e)));
  await page.addInitScript(({ theme, lang }) => {
    localStorage.setItem("dockline.theme", theme);
    localStorage.setItem("dockline.lang", lang);
    addEventListener("securitypolicyviolation", (e) => console.error(`policy: ${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`));
  }, { theme: o.theme ?? "light", lang: o.lang ?? "en" });
  return { context, page, troubles };
}

/** What sticks out or is cut off without saying so. @param {import("playwright-core").Page} page @returns {Promise<string[]>} */
export const overflow = (page) => page.evaluate(() => {
  const found = [];
  const W = innerWidth;
  if (document.documentElement.scrollWidth > W) found.push(`page scrolls sideways: ${document.documentElement.scrollWidth}`);
  for (const e of document.querySelectorAll("body *")) {
    if (e.closest("svg, .hid, .skip, [hidden], .scrollx, .uplot, .fact") || e.closest(".tbl .hd")) continue;
    const s = getComputedStyle(e);
    const b = e.getBoundingClientRect();
    if (s.visibility === "hidden" || b.width < 2 || b.height < 2) continue;
    if (b.right > W + 1 || b.left < -1) found.push(`off page: ${e.tagName}.${e.className} ${e.textContent?.slice(0, 40)}`);
    if (s.overflowY === "hidden" && !e.matches(".clip, .two-lines, .plotbox, .stackbar") && e.scrollHeight > e.clientHeight + 2) found.push(`cut: ${e.className} ${e.textContent?.slice(0, 40)}`);
    const parent = e.parentElement?.getBoundingClientRect();
    if (parent && e.parentElement?.matches("[role=cell], .res, .row, .sumrow, .fig, .acts, .st") && b.right > parent.right + 2) found.push(`wider than its cell: ${e.tagName}.${e.className} ${e.textContent?.slice(0, 40)}`);
  }
  return [...new Set(found)];
});

/** @param {import("playwright-core").Page} page @returns {Promise<string[]>} */
export async function axeFindings(page) {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const r = await /** @type {any} */ (window).axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });
    return r.violations.map((/** @type {any} */ v) => `${v.impact} ${v.id} ${v.nodes.length}x ${v.nodes[0].html.slice(0, 160)} ${v.nodes[0].failureSummary.split("\n")[1] ?? ""}`);
  });
}
