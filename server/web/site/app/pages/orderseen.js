// Writes to an order that name it as it was seen. The server compares the newest fact about it; of
// the facts that came since, those that are nothing to this write are passed over, others are shown.
import { html } from "/shared/ui.js";
import { ApiError, request, seen } from "../api.js";
import { Icon } from "../parts.js";
import { t } from "../words.js";
import { Said, shortType } from "./timeline.js";

const AGAIN_MAX = 3; // a bench scans on while it is written
const SHOWN = 4; // of what is new, the newest
const BY_ITSELF = /^(order\.forecast|exception\.raised)$/; // nobody changed the order
/** What the house and its benches do with an order: who stops it wants it stopped all the same. */
export const OF_THE_HOUSE = /^(decision\.made|order\.released|lease\..+|label\.changed|pack\..+)$/;

/** The place of the newest fact in a tag: "5113-0ff1ce", with its quotes. @param {string} tag */
const placeIn = (tag) => Number.parseInt(tag.slice(1), 10);

/** @param {{order: any, news: any[], goOn: () => void}} props what came since, newest first, and a way on */
const Changed = ({ order, news, goOn }) => html`<div class="failure" role="alert"><${Icon} name="ask" /><div><b>${t("seen.changed")}</b>
    ${news.slice(-SHOWN).reverse().map((e) => html`<div key=${e.position} class="s"><${Said} event=${e} order=${order} /></div>`)}</div>
  <button type="button" class="btn" onClick=${(/** @type {any} */ e) => { e.currentTarget.closest("form")?.querySelector("[type=submit]").focus(); goOn(); }}>${t("seen.go_on")}</button></div>`;

/**
 * `request` for an order: refused only when a fact came since `seen` that matters to it.
 * @param {string} id
 * @param {RegExp} passed types of facts that are nothing to it
 * @param {(order: any, tag: string) => void} goOn the person takes it as it is now
 * @returns {typeof request}
 */
export const requestOf = (id, passed, goOn) => async (method, path, body) => {
  for (let left = AGAIN_MAX, named = body; ; left--) {
    try {
      return await request(method, path, named);
    } catch (e) {
      if (!(e instanceof ApiError) || e.kind !== "changed") throw e;
      const now = await seen(`/orders/${encodeURIComponent(id)}`).catch(() => { throw e; });
      const news = now.data.timeline.filter((/** @type {any} */ x) => x.position > placeIn(named?.seen ?? ""));
      const besides = (/** @type {RegExp} */ types) => news.filter((/** @type {any} */ x) => !BY_ITSELF.test(shortType(x.type)) && !types.test(shortType(x.type)));
      if (left && news.length && !besides(passed).length) {
        named = { ...named, seen: now.tag };
        continue;
      }
      // What people did comes before what followed of it.
      e.notice = html`<${Changed} order=${now.data} news=${[besides(OF_THE_HOUSE), news].find((some) => some.length) ?? []} goOn=${() => goOn(now.data, now.tag)} />`;
      throw e;
    }
  }
};
