// One way to the server: JSON over /api/v1 with the token. Every failure is an ApiError whose kind
// says what the page can do about it.
import { signOut, token } from "./session.js";

/** @typedef {"network" | "denied" | "forbidden" | "missing" | "changed" | "refused" | "broken"} Trouble */

export class ApiError extends Error {
  /**
   * @param {Trouble} kind
   * @param {string} message what the server said
   * @param {string} remedy what it proposes
   * @param {string} [place] the field that it is about
   */
  constructor(kind, message, remedy, place = "") {
    super(message);
    this.kind = kind;
    this.remedy = remedy;
    this.place = place;
    /** @type {any} what stands in place of the message, where more is known */
    this.notice = null;
  }
}

const REQUEST_MS_MAX = 10000;
const UPLOAD_MS_MAX = 120000;

/** @param {number} status @returns {Trouble} */
function kindOf(status) {
  if (status === 401) return "denied";
  if (status === 403) return "forbidden";
  if (status === 404) return "missing";
  if (status === 412) return "changed";
  return status < 500 ? "refused" : "broken";
}

/**
 * @param {string} method
 * @param {string} path below /api/v1, with query
 * @param {{json?: unknown, file?: Blob, keepalive?: boolean, seen?: string, fresh?: boolean}} [body] a file is sent byte for byte;
 *   seen: tag of what it was when it was looked at, fresh: it must be new
 * @returns {Promise<{data: any, tag: string}>}
 */
async function send(method, path, body = {}) {
  /** @type {Record<string, string>} */
  const headers = { authorization: `Bearer ${token.get()}` };
  if (body.json !== undefined) headers["content-type"] = "application/json";
  if (body.file) headers["content-type"] = "text/csv";
  if (body.seen) headers["if-match"] = body.seen;
  if (body.fresh) headers["if-none-match"] = "*";
  /** @type {Response} */
  let answer;
  /** @type {any} */
  let data = null;
  try {
    answer = await fetch(`/api/v1${path}`, {
      method,
      headers,
      body: body.file ?? (body.json === undefined ? undefined : JSON.stringify(body.json)),
      keepalive: body.keepalive ?? false,
      cache: "no-store",
      signal: AbortSignal.timeout(body.file ? UPLOAD_MS_MAX : REQUEST_MS_MAX),
    });
    const text = await answer.text();
    data = text ? JSON.parse(text) : null;
  } catch (e) {
    throw new ApiError("network", e instanceof Error ? e.message : String(e), "");
  }
  if (answer.ok) return { data, tag: answer.headers.get("etag") ?? "" };
  const kind = kindOf(answer.status);
  if (kind === "denied") signOut();
  throw new ApiError(kind, data?.detail ?? String(answer.status), data?.remedy ?? "", data?.place);
}

/** @param {string} method @param {string} path @param {Parameters<typeof send>[2]} [body] @returns {Promise<any>} */
export const request = async (method, path, body) => (await send(method, path, body)).data;

/** What a form starts from, with the tag that its write names. @param {string} path */
export const seen = (path) => send("GET", path);

/** @param {string} path */
export const get = (path) => request("GET", path);

/** @param {Record<string, string | number | null | undefined>} values only those that say something */
export function query(values) {
  const q = new URLSearchParams();
  for (const [k, v] of Object.entries(values))
    if (v !== undefined && v !== null && v !== "") q.set(k, String(v));
  const s = q.toString();
  return s ? `?${s}` : "";
}
