// Goods on their way and goods looked at: deliveries, transfers between sites, counts, purchases,
// parcels, suppliers, data quality. One tab each: a list, the one chosen, and what can be done with it.
import { html } from "/shared/ui.js";
import { Chips, Head } from "../parts.js";
import { go, href } from "../router.js";
import { t } from "../words.js";
import { Counts } from "./goods_counts.js";
import { Deliveries } from "./goods_deliveries.js";
import { Boxes } from "./goods_parcels.js";
import { Purchases } from "./goods_purchases.js";
import { Quality } from "./goods_quality.js";
import { Suppliers } from "./goods_suppliers.js";
import { Transfers } from "./goods_transfers.js";

/** @type {Record<string, (p: {id: string, now: Record<string, string>}) => any>} */
const TABS = { deliveries: Deliveries, transfers: Transfers, counts: Counts, parcels: Boxes, purchases: Purchases, suppliers: Suppliers, quality: Quality };

/** @param {{id: string, params: URLSearchParams}} props id: "tab/which" */
export function Page({ id, params }) {
  const cut = id.indexOf("/");
  const tab = Object.keys(TABS).find((n) => n === (cut < 0 ? id : id.slice(0, cut))) ?? "deliveries";
  const which = cut < 0 ? "" : id.slice(cut + 1);
  const now = Object.fromEntries(["state", "site"].filter((n) => params.get(n)).map((n) => [n, params.get(n) ?? ""]));
  const Tab = TABS[tab];
  const chips = Object.keys(TABS).map((n) => ({ id: n, label: t(`goods.${n}`), on: n === tab, pick: () => go(href("goods", n)) }));
  return html`<${Head} title=${t(`goods.${tab}`)} sub=${t(`goods.sub_${tab}`)}><${Chips} label=${t("nav.goods")} chips=${chips} /><//>
    <${Tab} key=${tab} id=${which} now=${now} />`;
}
