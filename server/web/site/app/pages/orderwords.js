// How an order in a list says where it stands.
import { t, title } from "../words.js";

/**
 * The bar of an order in a list: what is packed, and the state of the rest.
 * @param {any} o
 * @returns {[string, number][]}
 */
export function orderParts(o) {
  const rest = Math.max(0, o.pieces - o.packed);
  if (o.state === "cancelled") return [["off", Math.max(1, o.pieces)]];
  const kind = o.state === "released" ? "pick" : o.state === "backordered" ? "risk" : "wait";
  return [["packed", o.packed], [kind, rest]];
}

/** @param {any} o */
export function orderWords(o) {
  if (o.state === "released" && o.packed > 0)
    return t("order.part_packed", { packed: o.packed, pieces: o.pieces });
  if (o.state === "released" && o.station) return t("order.at_bench", { station: title(o.station) });
  return t(`order.state_${o.state}`);
}
