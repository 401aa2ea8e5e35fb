// A kit is made of its parts: how many can be made is derived, never kept. And the other way round:
// the kits that take this item.
import { html } from "/shared/ui.js";
import { Card } from "../parts.js";
import { useResource } from "../resource.js";
import { href } from "../router.js";
import { num, t } from "../words.js";

const KITS_MAX = 200;

/** @param {{sku: string}} props */
export function Kits({ sku }) {
  const res = useResource(`/kits?limit=${KITS_MAX}`, ["stock", "kits"]);
  const kits = res.data?.items ?? [];
  const own = kits.find((/** @type {any} */ k) => k.sku === sku);
  const users = kits.filter((/** @type {any} */ k) => k.parts.some((/** @type {any} */ p) => p.sku === sku));
  const row = (/** @type {string} */ name, /** @type {number} */ n) => html`<div key=${name} class="res moves"><b class="r">${num(n)} ×</b><a class="clip" href=${href("stock", name)}><bdi>${name}</bdi></a><span></span></div>`;
  return html`${own ? html`<${Card} title=${t("kit.parts")}><div class="rows">${own.parts.map((/** @type {any} */ p) => row(p.sku, p.pieces))}</div><//>` : null}
    ${users.length ? html`<${Card} title=${t("kit.used_by")}><div class="rows">${users.map((/** @type {any} */ k) => row(k.sku, k.parts.find((/** @type {any} */ p) => p.sku === sku).pieces))}</div><//>` : null}`;
}
