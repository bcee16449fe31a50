import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSimulator } from '../../simulator/index.ts';
import type { Simulator } from '../../simulator/index.ts';
import { recordEvents } from '../../src/objects/index.ts';
import type { Json } from '../../src/objects/index.ts';
import { applyEvents, connectSource, continueSyncs } from '../../src/stripe/index.ts';
import { listKept } from '../../src/stripe/fixtures/account.ts';
import { lookAgainAtAll } from '../../src/worker/index.ts';
import { createTestContext } from '../support/database.ts';
import type { TestContext } from '../support/database.ts';
import { digestDatabase } from '../support/digest.ts';
import { createTestRandom } from '../support/random.ts';

const NOW = new Date('2026-03-01T12:00:00Z');
const DAYS = 28;
const EVENTS = 10_000;

let simulator: Simulator;
const opened: TestContext[] = [];
beforeAll(async () => {
  // Nothing is delivered: what arrives, and when, is the test's own doing.
  simulator = await startSimulator({
    now: NOW,
    speed: 0,
    seed: 11,
    customers: 250,
    months: 12,
    webhook_faults: { drop_ratio: 1 },
  });
});
afterAll(async () => {
  for (const ctx of opened) await ctx.close();
  await simulator.close();
});

interface Installation {
  ctx: TestContext;
  source_id: number;
}

/** An installation that copies the account as it is now. */
async function install(): Promise<Installation> {
  const ctx = await createTestContext({
    now: simulator.world.now(),
    // Nobody's limit is tested here.
    config: { stripe_url: simulator.url, stripe_share: 40 },
  });
  opened.push(ctx);
  const result = await connectSource(ctx, { key: simulator.keys.create() });
  if (!result.ok) throw new Error(result.sentence);
  expect(await continueSyncs(ctx, new AbortController().signal)).toBe(1);
  return { ctx, source_id: result.source.id };
}

/** Some weeks of business: those who are there live on, and new people come every hour. */
async function live(): Promise<void> {
  const { state } = simulator.world;
  const start = state.now();
  for (let hour = 1; hour < DAYS * 24; hour += 1)
    state.agenda.add(start + hour * 3600, 'business_arrive', '');
  await simulator.advance({ days: DAYS });
}

/** Every event the account has, newest first. */
async function listEvents(since: number): Promise<Json[]> {
  const headers = { authorization: `Bearer ${simulator.keys.create()}` };
  const all: Json[] = [];
  for (let after = ''; ;) {
    const query = `limit=100&created[gte]=${since}${after && `&starting_after=${after}`}`;
    const response = await fetch(`${simulator.url}/v1/events?${query}`, { headers });
    const page = (await response.json()) as { data: Json[]; has_more: boolean };
    all.push(...page.data);
    if (!page.has_more) return all;
    after = String(page.data.at(-1)!.id);
  }
}

/** Takes the deliveries as they come and applies in between what is there by then. */
async function receive(
  { ctx, source_id }: Installation,
  deliveries: Json[],
  batch: () => number,
): Promise<void> {
  ctx.clock.set(simulator.world.now());
  for (let start = 0; start < deliveries.length;) {
    const end = start + batch();
    const events = deliveries.slice(start, end);
    await recordEvents(ctx, { source_id, events, origin: 'webhook' });
    await applyEvents(ctx);
    start = end;
  }
  while ((await applyEvents(ctx)) > 0);
  await lookAgainAtAll(ctx);
}

/** All rows of an installation, without what changes in Stripe with no event: counters, and payments that come to nothing. */
async function listRows({ ctx, source_id }: Installation) {
  const { coupons, invoice_payments, ...rest } = await listKept(ctx, source_id);
  const paid = Object.entries(invoice_payments!).filter(([, row]) => row.status === 'paid');
  const counted = Object.entries(coupons!).map(([id, { times_redeemed: _n, ...row }]) => [id, row]);
  return {
    ...rest,
    coupons: Object.fromEntries(counted),
    invoice_payments: Object.fromEntries(paid),
  } as Record<string, unknown>;
}

/** The end of a dispute or a checkout has no instant in Stripe; it happened when it was first heard of. */
const WATCHED = /dispute_closed|checkout_completed/;

async function digest({ ctx }: Installation): Promise<Record<string, string[]>> {
  const lines = await digestDatabase(ctx.database_url);
  for (const name of ['activities', 'totals']) {
    lines[name] = lines[name]!.map((line) =>
      WATCHED.test(line) ? line.replaceAll(/\d{4}-\d\d-\d\d [\d:]+\+00/g, 'heard') : line,
    );
  }
  return lines;
}

/** What a subscription's last state has forgotten, or never knew. */
const FORGOTTEN = /^(subscription_change|trial_cancelled|past_due) /;

test(`${EVENTS} events out of order, one in five twice and many in one second, end at what a fresh list shows`, async () => {
  const random = createTestRandom();
  const since = simulator.world.state.now();
  const disordered = await install();
  const ordered = await install();
  await live();
  const events = (await listEvents(since)).toReversed();
  expect(events.length).toBeGreaterThan(EVENTS);
  const seconds = new Set(events.map((event) => `${String(event.created)}`));
  expect(seconds.size).toBeLessThan(events.length / 3);

  const doubled = [...events, ...events.filter(() => random.next() < 0.2)];
  await receive(disordered, random.shuffle(doubled), () => random.integer(1, 400));
  await receive(ordered, events, () => 300);
  const fresh = await install();
  await lookAgainAtAll(fresh.ctx);

  const [kept, wanted] = [await listRows(disordered), await listRows(fresh)];
  for (const resource of Object.keys(wanted)) {
    expect({ [resource]: kept[resource] }).toEqual({ [resource]: wanted[resource] });
  }
  const now = await digest(fresh);
  const got = await digest(disordered);
  expect(got.people).toEqual(now.people);
  // What happened is told alike, whatever the order in which it was heard …
  const calm = await digest(ordered);
  for (const name of ['activities', 'totals', 'mrr_days', 'movements']) {
    expect({ [name]: got[name] }).toEqual({ [name]: calm[name] });
  }
  // … and a list alone tells the same, but for what only events can know.
  const told = new Set(got.activities);
  expect(now.activities!.filter((line) => !told.has(line))).toEqual([]);
  const shown = new Set(now.activities);
  const surplus = got.activities!.filter((line) => !shown.has(line));
  expect(surplus.length).toBeGreaterThan(0);
  expect(surplus.filter((line) => !FORGOTTEN.test(line))).toEqual([]);
}, 600_000);
