// One way to the server: JSON over /api/v1 with the token. Every failure is an ApiError whose kind
// says what the page can do about it.
import { signOut, token } from "./session.js";

/** @typedef {"network" | "denied" | "forbidden" | "missing" | "refused" | "broken"} Trouble */

export class ApiError extends Error {
  /**
   * @param {Trouble} kind
   * @param {string} message what the server said
   * @param {string} remedy what it proposes
   */
  constructor(kind, message, remedy) {
    super(message);
    this.kind = kind;
    this.remedy = remedy;
  }
}

const REQUEST_MS_MAX = 10000;
const UPLOAD_MS_MAX = 120000;

/** @param {number} status @returns {Trouble} */
function kindOf(status) {
  if (status === 401) return "denied";
  if (status === 403) return "forbidden";
  if (status === 404) return "missing";
  return status < 500 ? "refused" : "broken";
}

/**
 * @param {string} method
 * @param {string} path below /api/v1, with query
 * @param {{json?: unknown, file?: Blob, keepalive?: boolean}} [body] a file is sent byte for byte
 * @returns {Promise<any>}
 */
export async function request(method, path, body = {}) {
  /** @type {Record<string, string>} */
  const headers = { authorization: `Bearer ${token.get()}` };
  if (body.json !== undefined) headers["content-type"] = "application/json";
  if (body.file) headers["content-type"] = "text/csv";
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
  if (answer.ok) return data;
  const kind = kindOf(answer.status);
  if (kind === "denied") signOut();
  throw new ApiError(kind, data?.detail ?? String(answer.status), data?.remedy ?? "");
}

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
