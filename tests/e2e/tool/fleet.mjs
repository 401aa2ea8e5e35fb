// The real programs for a browser test, through station/fleet.py.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { ROOT } from "./fixtures.mjs";

/** Where the programs lie: DOCKLINE_BIN, or the build that `deploy/build.sh` makes. */
const BUILD = path.dirname(process.env.DOCKLINE_BIN ?? path.join(ROOT, "build/release/bin"));

export async function fleet() {
  const folder = mkdtempSync(path.join(tmpdir(), "dockline-journey-"));
  const child = spawn("python3", [path.join(ROOT, "tests/e2e/station/fleet.py"), folder, BUILD], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error("the fleet ended; its own words stand above");
    return JSON.parse(value);
  };
  /** @type {{url: string, panel: string, rig: string}} */
  const at = await next();
  /** Questions one after the other: answers have no number. @type {Promise<any>} */
  let turn = Promise.resolve();
  /** @param {object} question @returns {Promise<any>} */
  const ask = (question) => {
    const mine = turn.then(() => {
      child.stdin.write(`${JSON.stringify(question)}\n`);
      return next();
    });
    turn = mine.catch(() => {});
    return mine;
  };
  return {
    ...at,
    ask,
    /** One scan of the bench's scanner. @param {string} text */
    scan: (text) => ask({ do: "rig", path: "/scan", body: { text } }),
    close: async () => {
      child.stdin.end();
      await new Promise((done) => child.on("exit", done));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
