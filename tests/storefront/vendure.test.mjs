// A real Vendure, bought from through its own checkout and looked at through its own view, with our
// channel code and real HTTP between. Environment: DRIVER (program), STORE_CACHE.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '../e2e/tool/ports.mjs';
import { openGate } from './gate.mjs';
import { recorder } from './record.mjs';

const run = promisify(execFile);
const here = dirname(fileURLToPath(import.meta.url));
const scripts = join(here, '../../deploy/storefronts/vendure');
const { admin, loadStore } = await import(join(scripts, 'client.mjs'));
const rounds = Number(process.env.ROUNDS ?? '25');
const sleep = ms => new Promise(done => setTimeout(done, ms));

let data, gate, store, gql, driver, ask;
const times = [];

before(async () => {
    data = mkdtempSync(join(tmpdir(), 'dockline-vendure-'));
    chmodSync(data, 0o755);
    let port = await freePort();
    const env = { ...process.env, PGPORT: String(await freePort()) };
    await run(join(scripts, 'start.sh'), [String(port), join(data, 'shop')], { env, timeout: 240_000 });
    store = loadStore(join(data, 'shop'));
    gql = admin(store);
    gate = await openGate(store.adminUrl);
    if (process.env.RECORD) gate.record = recorder(process.env.RECORD, store);
    const config = { name: 'shop', kind: 'vendure', url: gate.url, user: store.channel.user, secret: store.channel.password,
                     locations: { berlin: store.locations[0].id, lyon: store.locations[1].id } };
    writeFileSync(join(data, 'driver.json'), JSON.stringify(config));
    driver = spawn(process.env.DRIVER, [join(data, 'driver.json')], { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: driver.stdout })[Symbol.asyncIterator]();
    ask = async command => {
        driver.stdin.write(JSON.stringify(command) + '\n');
        const answer = await lines.next();
        assert.ok(!answer.done, 'the driver ended');
        const out = JSON.parse(answer.value);
        assert.equal(out.error, undefined);
        return out;
    };
});

after(async () => {
    driver?.stdin.end();
    gate?.close();
    if (data) {
        await run(join(scripts, 'stop.sh'), [join(data, 'shop')]).catch(e => console.error(e.stderr));
        rmSync(data, { recursive: true, force: true });
    }
    times.sort((a, b) => a - b);
    const at = q => times[Math.min(times.length - 1, Math.floor(times.length * q))];
    console.log(JSON.stringify({ what: 'bench event to the shop showing it, ms', n: times.length, p50: at(0.5), p99: at(0.99) }));
});

const shopView = async () => JSON.parse((await run('node', [join(scripts, 'read-state.mjs'), join(data, 'shop')],
                                                   { maxBuffer: 1 << 26 })).stdout);
const buy = async (n, ...skus) => (await run('node', [join(scripts, 'place-order.mjs'), join(data, 'shop'), String(n), ...skus]))
    .stdout.trim().split('\n').map(line => JSON.parse(line));
const shelf = (sku, site, quantity) => ask({ do: 'shelf', sku, site, quantity });

async function until(what, seconds = 30) {
    const end = Date.now() + seconds * 1000;
    for (;;) {
        const state = await ask({ do: 'state' });
        const missing = await what(state);
        if (!missing) return state;
        assert.ok(Date.now() < end, `${missing} after ${seconds} s: ${JSON.stringify(state)}`);
        await sleep(20);
    }
}

// What the shop sells at each place is what our books have there: in the shop's own words.
async function bothSidesEqual(seconds = 30) {
    let view;
    await until(async state => {
        if (state.outbox > 0) return 'the outbox is not empty';
        view = await shopView();
        for (const [key, quantity] of Object.entries(state.figures)) {
            const [sku, id] = key.split('|');
            const level = Object.values(view.stock[sku]).find(l => l.locationId === id);
            if (level.available !== quantity) return `${key}: the shop has ${JSON.stringify(level)}, we ${quantity}`;
        }
        return '';
    }, seconds);
    return view;
}

test('every figure reaches the shop, also zero and back', async () => {
    for (const sku of ['MUG-RED', 'MUG-BLUE', 'TEE-L']) for (const site of ['berlin', 'lyon']) await shelf(sku, site, 12);
    await bothSidesEqual();
    await shelf('TEE-L', 'berlin', 0);
    await shelf('TEE-L', 'lyon', 0);
    await bothSidesEqual();
    await shelf('TEE-L', 'berlin', 9);
    await bothSidesEqual();
});

test('the first request leaves in the turn of the event', async () => {
    for (let i = 0; i < 30; i++) {
        const began = Date.now();
        assert.equal((await shelf('MUG-BLUE', 'lyon', 13 + i)).requests, 1);
        await until(state => (state.outbox > 0 ? 'not yet' : ''));
        times.push(Date.now() - began);
        await sleep(10);
    }
    await bothSidesEqual();
});

test('orders come in once, figures follow, parcels go out once', async () => {
    const orders = [...await buy(2, 'MUG-RED:2', 'TEE-L'), ...await buy(1, 'MUG-BLUE')];
    await until(state => (state.received < 3 ? 'orders missing' : ''));
    await bothSidesEqual();
    for (const order of orders) await ask({ do: 'pack', number: order.code });
    await until(state => (orders.some(o => !state.orders[o.code].told) ? 'parcels not told' : ''));
    const view = await bothSidesEqual();
    for (const order of orders) {
        const there = view.orders.find(o => o.code === order.code);
        assert.equal(there.state, 'Shipped');
        assert.deepEqual(there.fulfilments.map(f => [f.state, f.method, f.trackingCode]), [['Shipped', 'House', `DL${order.code}`]]);
    }
    assert.equal((await ask({ do: 'state' })).received, 3);
});

test('an answer that is lost never ships twice and never leaves a wrong figure', async () => {
    const [order] = await buy(1, 'MUG-RED:3');
    await until(state => (state.orders[order.code] ? '' : 'order missing'));
    gate.mode = 'cut';
    await ask({ do: 'pack', number: order.code });
    await shelf('MUG-BLUE', 'berlin', 5);
    await sleep(3_000);
    await shelf('MUG-BLUE', 'berlin', 4);
    gate.mode = 'pass';
    await until(state => (state.orders[order.code].told ? '' : 'parcel not told'), 60);
    const view = await bothSidesEqual(60);
    assert.equal(view.orders.find(o => o.code === order.code).fulfilments.length, 1);
});

test('a shop that is away or throttles loses nothing', async () => {
    for (const mode of ['lose', '503', '429']) {
        gate.mode = mode;
        await shelf('MUG-RED', 'lyon', mode.length + 1);
        await sleep(1_500);
        await shelf('MUG-RED', 'lyon', mode.length + 2);
        gate.mode = 'pass';
        await bothSidesEqual(60);
    }
});

test('cancellations are noticed, whole and in part', async () => {
    const [whole, part] = await buy(2, 'MUG-BLUE:2');
    await until(state => (state.orders[whole.code] && state.orders[part.code] ? '' : 'orders missing'));
    const cancel = input => gql.call(`mutation($i: CancelOrderInput!) { cancelOrder(input: $i) {
        ... on Order { id } ... on ErrorResult { errorCode message } } }`, { i: { reason: 'test', ...input } });
    await cancel({ orderId: whole.id });
    await cancel({ orderId: part.id, lines: [{ orderLineId: part.lines[0].id, quantity: 1 }] });
    await until(state => (state.orders[whole.code].lines[0] === 0 && state.orders[part.code].lines[0] === 1 ? '' : 'not noticed'));
    await bothSidesEqual();
    await ask({ do: 'pack', number: part.code });
    await until(state => (state.orders[part.code].told ? '' : 'parcel not told'));
    await bothSidesEqual();
});

test('what a buyer adds to an order is noticed when it is paid, and goes out with it', async () => {
    const [order] = await buy(1, 'MUG-RED:1');
    await until(state => (state.orders[order.code] ? '' : 'order missing'));
    const ok = 'ok: __typename ... on ErrorResult { errorCode message }';
    const call = async (field, input) => {
        const { ok: type, ...rest } = Object.values(await gql.call(`mutation(${field.types}) { ${field.call} { ${ok} } }`, input))[0];
        assert.equal(type, 'Order', JSON.stringify(rest));
    };
    const to = state => call({ types: '$id: ID!, $s: String!', call: 'transitionOrderToState(id: $id, state: $s)' }, { id: order.id, s: state });
    await to('Modifying');
    await call({ types: '$i: ModifyOrderInput!', call: 'modifyOrder(input: $i)' }, { i: {
        dryRun: false, orderId: order.id, adjustOrderLines: [{ orderLineId: order.lines[0].id, quantity: 3 }],
        addItems: [{ productVariantId: store.variants.find(v => v.sku === 'MUG-BLUE').id, quantity: 1 }] } });
    await to('ArrangingAdditionalPayment');
    await sleep(1_500);
    assert.deepEqual((await ask({ do: 'state' })).orders[order.code].lines, [1], 'it is not paid');
    await call({ types: '$i: ManualPaymentInput!', call: 'addManualPaymentToOrder(input: $i)' },
               { i: { orderId: order.id, method: 'dummy', transactionId: 'by telephone', metadata: {} } });
    await to('PaymentSettled');
    await until(state => (String(state.orders[order.code].lines) === '3,1' ? '' : 'not noticed'), 60);
    await bothSidesEqual();
    await ask({ do: 'pack', number: order.code });
    await until(state => (state.orders[order.code].told ? '' : 'parcel not told'));
    const view = await bothSidesEqual();
    assert.equal(view.orders.find(o => o.code === order.code).state, 'Shipped');
});

test('another shipping address of a paid order is noticed once the order is settled again', async () => {
    const [order] = await buy(1, 'MUG-RED:1');
    await until(state => (state.orders[order.code] ? '' : 'order missing'));
    const street = (await ask({ do: 'state' })).orders[order.code].street;
    const call = async (field, input) => {
        const { ok: type, ...rest } = Object.values(await gql.call(
            `mutation(${field.types}) { ${field.call} { ok: __typename ... on ErrorResult { errorCode message } } }`, input))[0];
        assert.equal(type, 'Order', JSON.stringify(rest));
    };
    const to = state => call({ types: '$id: ID!, $s: String!', call: 'transitionOrderToState(id: $id, state: $s)' }, { id: order.id, s: state });
    await to('Modifying');
    await call({ types: '$i: ModifyOrderInput!', call: 'modifyOrder(input: $i)' }, { i: {
        dryRun: false, orderId: order.id, updateShippingAddress: { streetLine1: 'Am Tor 9' } } });
    await sleep(1_500);
    assert.equal((await ask({ do: 'state' })).orders[order.code].street, street, 'it is being changed');
    await to('PaymentSettled');
    await until(state => (state.orders[order.code].street === 'Am Tor 9' ? '' : 'not noticed'), 60);
    await ask({ do: 'pack', number: order.code });
    await until(state => (state.orders[order.code].told ? '' : 'parcel not told'));
    await bothSidesEqual();
});

test('a figure that somebody changes in the shop is mended', async () => {
    const id = store.variants.find(v => v.sku === 'MUG-RED').id;
    await gql.call(`mutation($i: [UpdateProductVariantInput!]!) { updateProductVariants(input: $i) { id } }`,
                   { i: [{ id, stockLevels: [{ stockLocationId: store.locations[0].id, stockOnHand: 500 }] }] });
    await until(state => (state.drift > 0 ? '' : 'drift not noticed'));
    await bothSidesEqual();
});

test('a session that ended is begun again', async () => {
    await gql.call(`mutation { logout { success } }`).catch(() => {});
    await run('psql', ['-h', '127.0.0.1', '-U', 'storefront', '-d', 'vendure', '-p', await postgresPort(), '-c', 'DELETE FROM session']);
    await sleep(1_000);
    await shelf('TEE-L', 'lyon', 7);
    await bothSidesEqual(60);
});
async function postgresPort() {
    const { stdout } = await run('sed', ['-n', '4p', join(data, 'shop/pg/data/postmaster.pid')]);
    return stdout.trim();
}

test('customers, benches and people at once over a bad network, with crashes: then both sides say the same', async () => {
    gate.mode = 'random';
    const placed = [];
    for (let i = 0; i < rounds; i++) {
        const sku = ['MUG-RED', 'MUG-BLUE', 'TEE-L'][i % 3];
        if (i % 3 === 0) placed.push(...await buy(1, `${sku}:1`).catch(() => []));
        if (i % 4 === 1) await shelf(sku, i % 2 ? 'berlin' : 'lyon', 6 + Math.floor(Math.random() * 10));
        if (i % 5 === 2) {
            const { orders } = await ask({ do: 'state' });
            const open = Object.entries(orders).find(([, o]) => !o.packed && o.lines.some(n => n > 0));
            if (open) await ask({ do: 'pack', number: open[0] });
        }
        if (i % 8 === 7) await ask({ do: 'crash' });
        await sleep(150);
    }
    gate.mode = 'pass';
    await until(state => (placed.some(o => !state.orders[o.code]) ? 'orders missing' : ''), 60);
    for (const order of placed) {
        const { orders } = await ask({ do: 'state' });
        if (!orders[order.code].packed) await ask({ do: 'pack', number: order.code });
    }
    await until(state => (placed.some(o => !state.orders[o.code].told) ? 'parcels not told' : ''), 90);
    const view = await bothSidesEqual(60);
    for (const order of placed) {
        const there = view.orders.find(o => o.code === order.code);
        assert.equal(there.fulfilments.length, 1, order.code);
        assert.equal(there.state, 'Shipped');
    }
    const state = await ask({ do: 'state' });
    assert.equal(state.received, Object.keys(state.orders).length);
    assert.deepEqual(state.exceptions, []);
    console.log(JSON.stringify({ what: 'requests through the gate', total: gate.requests, failed: gate.failed, orders: state.received }));
});
