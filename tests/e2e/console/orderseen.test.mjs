// A form about an order names the order as it was seen: who changed it meanwhile is told of, what is
// nothing to the form is passed over, what was typed stays.
import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { axeFindings, OUT, overflow, SIZES } from "./browser.mjs";
import { tagOf } from "./serve.mjs";
import * as fx from "./fixtures.mjs";
import { api, at } from "./served.mjs";

const ID = "shopify:RW-20853";
const ORDER = `#/orders/${encodeURIComponent(ID)}`;
const tag = () => tagOf(fx.order(ID, api.world.news));
/** @param {string} type @param {any} params @param {any} [changes] */
const happens = (type, params, changes) => { api.world.news.push([type, params, changes]); api.tell(["orders"]); };
const AMENDED = /** @type {const} */ (["order.amended", { by: "Ann", why: "the buyer rang" }]);
/** @param {any} [changes] */
const annAmends = (changes) => happens(AMENDED[0], AMENDED[1], changes);
const sent = () => api.world.posts.map((p) => [p.url.replace(/^.*RW-20853/, ""), p.seen]);

test("What another person changed is told; what was typed stays, the rest follows, and it goes on from there", async () => {
  const { page, context } = await at(ORDER);
  const form = page.locator("form.inplace");
  const before = tag();
  const { ship_to } = /** @type {any} */ (fx.order(ID));
  await page.getByRole("button", { name: "Amend", exact: true }).click();
  await form.getByLabel("Street", { exact: true }).fill("Friedrich-Ebert-Straße 116");
  await form.getByLabel("Why", { exact: true }).fill("the buyer wrote");
  annAmends({ ship_to: { ...ship_to, city: "Solingen" }, vip: false });
  await page.getByText("Solingen").waitFor();
  assert.equal(await form.getByLabel("City").inputValue(), "Wuppertal", "a form stays as it was opened");
  await form.getByRole("button", { name: "Amend it" }).click();
  const notice = form.getByRole("alert");
  await notice.getByText("It has changed since you saw it, and nothing was sent.").waitFor();
  await notice.getByText("Amended by Ann").waitFor();
  await notice.getByRole("button", { name: "Go on with it as it is now" }).click();
  await notice.waitFor({ state: "detached" });
  assert.deepEqual([await form.getByLabel("Street", { exact: true }).inputValue(), await form.getByLabel("City").inputValue(), await form.getByLabel(/VIP/).isChecked()],
    ["Friedrich-Ebert-Straße 116", "Solingen", false]);
  await form.getByRole("button", { name: "Amend it" }).click();
  await form.waitFor({ state: "detached" });
  assert.deepEqual(sent(), [["", before], ["", tag()]]);
  const body = JSON.parse(api.world.posts[1].body);
  assert.deepEqual([body.ship_to.street1, body.ship_to.city, body.vip, body.why], ["Friedrich-Ebert-Straße 116", "Solingen", undefined, "the buyer wrote"]);
  await context.close();
});

test("A new outlook of an order that nobody changed refuses no form", async () => {
  const { page, context } = await at(ORDER);
  const form = page.locator("form.inplace");
  for (const [open, go] of [["Cancel order", "Cancel the order"], ["Split", "Split it"]]) {
    const before = tag();
    const had = api.world.posts.length;
    await page.getByRole("button", { name: open, exact: true }).click();
    if (open === "Split") await form.locator("input[type=number]").first().fill("1");
    await form.getByLabel("Why", { exact: true }).fill("the buyer asked");
    happens("order.forecast", { outlook: "late", promised_ms: fx.NOW, predicted_ms: fx.NOW + 60000, worst: "pack", why: "" });
    happens("exception.raised", { subject: ID, kind: "delay_predicted", what: "It will be late." });
    await form.getByRole("button", { name: go }).click();
    await form.waitFor({ state: "detached" });
    assert.deepEqual(sent().slice(had).map(([, seen]) => seen), [before, tag()]);
  }
  await context.close();
});

test("Who holds an order holds it whatever its bench scans meanwhile, but is told of another's hold", async () => {
  const { id = "" } = api.world.orders.find((o) => o.state === "allocated") ?? {};
  const { page, context } = await at(`#/orders/${encodeURIComponent(id)}`);
  const form = page.locator("form.inplace");
  const hold = async () => {
    await page.getByRole("button", { name: "Hold", exact: true }).click();
    await form.getByLabel("Why", { exact: true }).fill("the buyer rings back");
  };
  await hold();
  for (const type of ["decision.made", "order.released", "lease.granted", "pack.opened", "pack.item.counted"]) happens(type, { line: 1, quantity: 1 });
  await form.getByRole("button", { name: "Hold it" }).click();
  await form.waitFor({ state: "detached" });
  await hold();
  happens("order.held", { reason: "person", about: "", what: "Payment is open", by: "Ann" });
  await form.getByRole("button", { name: "Hold it" }).click();
  await form.getByRole("alert").getByText("Payment is open").waitFor();
  assert.equal(await form.getByLabel("Why", { exact: true }).inputValue(), "the buyer rings back");
  await context.close();
});

test("A hold is not let go of an order that changed before it went out; pressed again it is", async () => {
  const { page, context } = await at(ORDER);
  const release = page.getByRole("button", { name: "Release it" });
  await release.click();
  annAmends();
  const notice = page.getByRole("alert");
  await notice.getByText("Amended by Ann").waitFor({ timeout: 15000 });
  await notice.getByRole("button", { name: "Go on with it as it is now" }).click();
  await release.click();
  happens("order.hold.released", { reason: "person", about: "", by: "Ann" }); // another hold of it
  await page.getByText("Released.", { exact: true }).waitFor({ timeout: 15000 });
  assert.equal(api.world.posts.at(-1)?.seen, tag());
  await context.close();
});

test("Nothing of it sticks out, in both languages", async () => {
  for (const [lang, size] of /** @type {const} */ ([["en", "wide"], ["de", "phone"]])) {
    const v = await at(ORDER, { lang, size: SIZES[size] });
    await v.page.getByRole("button", { name: /^(Cancel order|Auftrag stornieren)$/ }).click();
    await v.page.locator("form.inplace [name=reason]").fill("the buyer asked");
    annAmends();
    await v.page.locator("form.inplace [type=submit]").click();
    await v.page.getByRole("alert").waitFor();
    assert.deepEqual([...await overflow(v.page), ...await axeFindings(v.page)], []);
    await v.page.locator("form.inplace").screenshot({ path: path.join(OUT, `order-changed-${size}-${lang}.png`) });
    await v.context.close();
  }
});
