// Debian's Chromium, quiet: no update, no report, no request that the page did not make.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";

/** @param {import("playwright-core").BrowserContextOptions} [options] */
export async function browser(options = {}) {
  const profile = mkdtempSync(path.join(tmpdir(), "dockline-e2e-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    timezoneId: "Europe/Berlin",
    locale: "en-GB",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
    ...options,
  });
  return {
    context,
    close: async () => {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

/**
 * Collects what must not happen on a page of ours.
 * @param {import("playwright-core").Page} page
 * @param {() => string} origin
 */
export function watch(page, origin) {
  /** @type {string[]} */
  const bad = [];
  page.on("console", (m) => {
    if (["error", "warning"].includes(m.type())) bad.push(`console ${m.type()}: ${m.text()}`);
  });
  page.on("pageerror", (e) => bad.push(`page error: ${e.message}`));
  page.on("request", (r) => {
    if (!r.url().startsWith(origin())) bad.push(`request beyond the origin: ${r.url()}`);
  });
  page.on("response", (r) => {
    if (r.status() >= 400) bad.push(`${r.status()} for ${r.url()}`);
  });
  return bad;
}
