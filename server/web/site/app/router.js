// Addresses are fragments: #/orders, #/orders/<id>, #/stock/<sku>, with a query after "?".
import "./session.js"; // first: it takes the token out of the address
import { signal } from "./signal.js";

/** @typedef {{page: string, id: string, params: URLSearchParams}} Route */

/** @returns {Route} */
function read() {
  const [path, q] = location.hash.replace(/^#\/?/, "").split("?");
  const cut = path.indexOf("/");
  const page = cut < 0 ? path : path.slice(0, cut);
  let id = cut < 0 ? "" : path.slice(cut + 1);
  try {
    id = decodeURIComponent(id);
  } catch {
    id = ""; // a broken escape names nothing
  }
  return { page: page || "today", id, params: new URLSearchParams(q ?? "") };
}

export const route = signal(read());

/**
 * @param {string} page
 * @param {string} [id]
 * @param {Record<string, string>} [params]
 */
export function href(page, id, params) {
  const q = new URLSearchParams(params ?? {}).toString();
  return `#/${page}${id ? `/${encodeURIComponent(id)}` : ""}${q ? `?${q}` : ""}`;
}

/** @param {string} address @param {boolean} [replace] keep the way back as it is */
export function go(address, replace = false) {
  if (!replace) {
    location.hash = address;
    return;
  }
  history.replaceState(null, "", address);
  route.set(read());
}

addEventListener("hashchange", () => route.set(read()));
