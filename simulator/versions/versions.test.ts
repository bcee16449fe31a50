import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { useSimulators } from '../http/fixtures/official-client.ts';
import type { Json } from '../wire.ts';

const start = useSimulators();
type Started = Awaited<ReturnType<typeof start>>;

/** An answer as it travels, asked for in some version. */
async function read({ simulator }: Started, path: string, version?: string): Promise<Json> {
  const answer = await fetch(`${simulator.url}/v1/${path}`, {
    headers: {
      authorization: `Bearer ${simulator.keys.create()}`,
      ...(version === undefined ? {} : { 'stripe-version': version }),
    },
  });
  return (await answer.json()) as Json;
}

const account = (api_version: string) => ({ account: { api_version } });
const objectOf = (event: Json = {}): Json => (event['data'] as { object: Json }).object;
const firstOf = (list: Json): Json => (list['data'] as Json[])[0] ?? {};

describe('before 2025-03-31', () => {
  const OLD = '2024-06-20';

  test('a subscription has one period and one discount, with the whole coupon', async () => {
    const started = await start();
    const { world } = started;
    const made = world.subscribe({
      customer: world.createCustomer().id,
      items: [{ price: 'price_growth_month' }],
      coupon: 'FRIENDS10',
    });
    const now = await read(started, `subscriptions/${made.id}`);
    const old = await read(started, `subscriptions/${made.id}`, OLD);
    const item = firstOf(now['items'] as Json);
    expect(old['current_period_start']).toBe(item['current_period_start']);
    expect(old['current_period_end']).toBe(item['current_period_end']);
    expect('current_period_end' in firstOf(old['items'] as Json)).toBe(false);
    expect('current_period_end' in now).toBe(false);
    const discount = old['discount'] as Json;
    expect(discount['coupon']).toMatchObject({ object: 'coupon', percent_off: 10 });
    expect([discount['id'], 'source' in discount]).toEqual([made.discounts[0], false]);
    expect(['billing_mode' in old, 'customer_account' in old]).toEqual([false, false]);
    const plan = firstOf(old['items'] as Json)['plan'] as Json;
    expect(plan['aggregate_usage']).toBeNull();
  });

  test('an invoice names its subscription, charge and payment intent, and so do they', async () => {
    const started = await start();
    const { world, payer } = started;
    const { invoice, subscription, charge } = payer();
    const old = await read(started, `invoices/${invoice}`, OLD);
    const intent = world.state.charges.get(charge).payment_intent;
    expect(old).toMatchObject({ subscription, charge, payment_intent: intent, paid: true });
    expect(old).toMatchObject({ quote: null, tax: null, total_tax_amounts: [] });
    for (const name of ['parent', 'total_taxes', 'amount_overpaid', 'status_details']) {
      expect([name, name in old]).toEqual([name, false]);
    }
    const line = firstOf(old['lines'] as Json);
    expect(line).toMatchObject({
      type: 'subscription',
      proration: false,
      price: { id: 'price_growth_month', object: 'price' },
      plan: { id: 'price_growth_month', object: 'plan' },
      amount_excluding_tax: 4900,
    });
    expect(['parent' in line, 'pricing' in line, 'taxes' in line]).toEqual([false, false, false]);
    expect((await read(started, `charges/${charge}`, OLD))['invoice']).toBe(invoice);
    expect((await read(started, `payment_intents/${intent}`, OLD))['invoice']).toBe(invoice);
    expect('invoice' in (await read(started, `charges/${charge}`))).toBe(false);
  });

  test('prorations, one-off items, taxes and credit notes have their former fields', async () => {
    const started = await start();
    const { simulator, world } = started;
    const rate = world.createTaxRate({ display_name: 'VAT', percentage: 19 }).id;
    const customer = world.createCustomer().id;
    const made = world.subscribe({
      customer,
      items: [{ price: 'price_team_month', quantity: 2 }],
      tax_rates: [rate],
    });
    await simulator.advance({ days: 10 });
    world.changeSubscription(made.id, { quantity: 3, proration: 'always_invoice' });
    const changed = world.state.subscriptions.get(made.id).latest_invoice ?? '';
    const old = await read(started, `invoices/${changed}`, OLD);
    const [credit] = (old['lines'] as { data: Json[] }).data;
    expect(credit).toMatchObject({ type: 'invoiceitem', proration: true, subscription: made.id });
    expect(credit?.['subscription_item']).toBe(made.items.data[0]?.id);
    const [tax] = old['total_tax_amounts'] as Json[];
    expect(tax).toMatchObject({ amount: old['tax'], inclusive: false, tax_rate: rate });
    const item = firstOf(await read(started, `invoiceitems?customer=${customer}`, OLD));
    expect(item).toMatchObject({
      subscription: made.id,
      price: { id: 'price_team_month' },
      subscription_item: made.items.data[0]?.id,
    });
    expect(['parent' in item, 'pricing' in item, 'net_amount' in item]).toEqual([
      false,
      false,
      false,
    ]);
    const note = world.issueCreditNote({ invoice: made.latest_invoice as string });
    const oldNote = await read(started, `credit_notes/${note.id}`, OLD);
    expect(oldNote['refund']).toBe(note.refunds[0]?.refund);
    expect(oldNote['tax_amounts']).toMatchObject([{ tax_rate: rate }]);
    expect(['refunds' in oldNote, 'total_taxes' in oldNote]).toEqual([false, false]);
  });
});

test('before 2025-09-30 discounts and promotion codes carry the whole coupon', async () => {
  const started = await start();
  const { world } = started;
  world.createPromotionCode({ coupon: 'WELCOME20', code: 'HI' });
  const basil = firstOf(await read(started, 'promotion_codes', '2025-08-27.basil'));
  expect(basil['coupon']).toMatchObject({ id: 'WELCOME20', percent_off: 20 });
  expect('promotion' in basil).toBe(false);
  const clover = firstOf(await read(started, 'promotion_codes', '2025-09-30.clover'));
  expect(clover['promotion']).toEqual({ coupon: 'WELCOME20', type: 'coupon' });
});

test('a version nobody knows is answered in the newest one', async () => {
  const started = await start(account('2023-10-16'));
  started.payer();
  for (const version of ['2019-01-01', '2030-01-01.quince', 'nonsense']) {
    const answer = await fetch(`${started.simulator.url}/v1/invoices`, {
      headers: {
        authorization: `Bearer ${started.simulator.keys.create()}`,
        'stripe-version': version,
      },
    });
    expect('parent' in firstOf((await answer.json()) as Json)).toBe(true);
  }
  expect('parent' in firstOf(await read(started, 'invoices'))).toBe(false);
});

describe('events', () => {
  test("stay in the account's version of their time, whoever asks in whichever", async () => {
    const started = await start(account('2023-10-16'));
    const { simulator, world, payer } = started;
    const { subscription } = payer();
    await simulator.advance({ days: 1 });
    world.changeSubscription(subscription, { quantity: 2 });
    world.setApiVersion('2026-10-28.endive');
    await simulator.advance({ days: 1 });
    world.changeSubscription(subscription, { quantity: 3 });
    const path = 'events?type=customer.subscription.updated&limit=2';
    for (const version of ['2026-10-28.endive', '2024-06-20']) {
      const { data } = (await read(started, path, version)) as { data: Json[] };
      expect(data.map((event) => event['api_version'])).toEqual([
        '2026-10-28.endive',
        '2023-10-16',
      ]);
      expect('current_period_end' in objectOf(data[0])).toBe(false);
      expect(objectOf(data[1])['current_period_end']).toBeTypeOf('number');
    }
  });

  test('tell what changed in the words of their version', async () => {
    const started = await start(account('2024-06-20'));
    const { simulator, payer } = started;
    payer();
    await simulator.advance({ days: 31 });
    const renewed = firstOf(await read(started, 'events?type=customer.subscription.updated'));
    const { previous_attributes } = renewed['data'] as { previous_attributes: Json };
    expect(previous_attributes['current_period_end']).toBeTypeOf('number');
    const paid = await read(started, 'events?type=invoice.updated');
    const changes = (paid['data'] as Json[]).map(
      (event) => (event['data'] as { previous_attributes: Json }).previous_attributes,
    );
    expect(changes.some((change) => change['paid'] === false)).toBe(true);
  });

  test('are delivered in the version of the endpoint, else of the account', async () => {
    const started = await start(account('2024-06-20'));
    const { simulator, stripe, payer } = started;
    const bodies: [string, Json][] = [];
    const server = http.createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        bodies.push([request.url ?? '', JSON.parse(body) as Json]);
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const enabled_events = ['charge.succeeded' as const];
    await stripe.webhookEndpoints.create({ url: `${url}/own`, enabled_events });
    const api_version = '2026-10-28.endive' as const;
    await stripe.webhookEndpoints.create({ url: `${url}/pinned`, enabled_events, api_version });
    const { invoice } = payer();
    await simulator.settled();
    server.close().closeAllConnections();
    const seen = Object.fromEntries(
      bodies.map(([path, event]) => [path, [event['api_version'], objectOf(event)['invoice']]]),
    );
    expect(seen).toEqual({
      '/own': ['2024-06-20', invoice],
      '/pinned': ['2026-10-28.endive', undefined],
    });
  });
});
