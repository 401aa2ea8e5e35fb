import net from "node:net";

const given = new Set();

/**
 * A port of 127.0.0.1 that nobody has, below those that the kernel gives to outgoing connections
 * (from 32768 on): none of them can take it before its program listens.
 * @returns {Promise<number>}
 */
export async function freePort() {
  for (let tries = 0; tries < 200; ++tries) {
    const port = 10_000 + Math.floor(Math.random() * 22_000);
    if (given.has(port)) continue;
    const free = await new Promise((done) => {
      const s = net.createServer().once("error", () => done(false));
      s.listen(port, "127.0.0.1", () => s.close(() => done(true)));
    });
    if (!free) continue;
    given.add(port);
    return port;
  }
  throw new Error("no free port on 127.0.0.1");
}
