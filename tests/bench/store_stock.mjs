// @ts-nocheck the shops’ clients come without types
// store_stock.mjs KIND FOLDER DATADIR UPDATES CLIENTS: so many stock updates at a real shop, each of one level, through its
// administrator's interface. FOLDER has the shop's client.mjs. Prints {"updates", "seconds"}.
import { pathToFileURL } from 'node:url';
import { join, resolve } from 'node:path';

const [kind, folder, data, updates, clients] = process.argv.slice(2);
const { loadStore, login, pages } = await import(pathToFileURL(join(resolve(folder), 'client.mjs')).href);
const store = loadStore(data);
const set = await { vendure, medusa }[kind]();

async function vendure() {
  const gql = await login(store.adminUrl, store.user, store.password);
  const levels = (await pages(gql, `query($skip: Int, $take: Int) { productVariants(options: { skip: $skip, take: $take }) {
    totalItems items { id stockLevels { stockLocation { id } } } } }`, d => d.productVariants))
    .flatMap(v => v.stockLevels.map(s => ({ id: v.id, location: s.stockLocation.id })));
  return {
    levels,
    put: (l, n) => gql.call(`mutation($input: [UpdateProductVariantInput!]!) { updateProductVariants(input: $input) { id } }`,
      { input: [{ id: l.id, stockLevels: [{ stockLocationId: l.location, stockOnHand: n }] }] }),
  };
}

async function medusa() {
  const rest = await login(store.base, store.user, store.password);
  const levels = (await pages(rest, '/admin/inventory-items?fields=id,sku,*location_levels', 'inventory_items'))
    .flatMap(i => (i.location_levels ?? []).map(l => ({ id: i.id, location: l.location_id })));
  return {
    levels,
    put: (l, n) => rest.post(`/admin/inventory-items/${l.id}/location-levels/${l.location}`, { stocked_quantity: n }),
  };
}

// One write in flight per level: a parallel absolute set corrupts Vendure's.
const began = performance.now();
let next = 0;
await Promise.all(Array.from({ length: Math.min(Number(clients), set.levels.length) }, async (_, own) => {
  const mine = set.levels.filter((_, i) => i % Math.min(Number(clients), set.levels.length) === own);
  for (let i = 0; next < Number(updates); ++i) await set.put(mine[i % mine.length], 1000 + ++next);
}));
console.log(JSON.stringify({ updates: next, seconds: (performance.now() - began) / 1000 }));
