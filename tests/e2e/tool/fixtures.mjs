// The states of the station page (agent/panel/fixtures), and the changes a test makes to them.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../..");
const DIR = path.join(ROOT, "agent/panel/fixtures");

export const STATES = readdirSync(DIR)
  .filter((f) => f.endsWith(".json"))
  .map((f) => f.slice(0, -5))
  .sort();

/**
 * @param {string} id
 * @param {Partial<import("../../../agent/panel/web/types.js").View>} [change]
 * @returns {import("../../../agent/panel/web/types.js").View}
 */
export function fixture(id, change = {}) {
  const view = JSON.parse(readFileSync(path.join(DIR, `${id}.json`), "utf8"));
  return { ...view, ...change };
}
