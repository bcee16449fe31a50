import { expect, test } from 'vitest';
import type { TestContext } from 'vitest';
import type { SimulatorOptions } from '../../simulator/index.ts';
import { refreshState } from '../people/index.ts';
import { inTransaction, sql } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import {
  applyAll,
  connect,
  listAccount,
  listKept,
  openAccount,
  syncAll,
} from './fixtures/account.ts';
import type { Account } from './fixtures/account.ts';
import { applyEvents, continueSyncs, getSource, getSyncProgress, pollEvents } from './index.ts';

type ApiFault = NonNullable<SimulatorOptions['api_faults']>[number];

const REASONS: ApiFault['reason'][] = [
  'global-rate',
  'endpoint-rate',
  'global-concurrency',
  'endpoint-concurrency',
  'resource-specific',
  null,
] as const;

/** Everything Stripe, or the way to it, may answer instead of an answer. */
const KINDS: { name: string; fault: ApiFault }[] = [
  ...REASONS.map((reason) => ({
    name: `429 for ${reason ?? 'no reason given'}`,
    fault: { kind: 'rate_limit' as const, reason },
  })),
  { name: '429 because an object is locked', fault: { kind: 'lock_timeout' } },
  { name: '500', fault: { kind: 'server_error' } },
  { name: '503', fault: { kind: 'server_error', status: 503 } },
  { name: 'no answer in time', fault: { kind: 'timeout' } },
  { name: 'a connection that breaks', fault: { kind: 'disconnect' } },
  { name: 'an answer that is cut off', fault: { kind: 'cut_body' } },
];

type Finally = Pick<TestContext, 'onTestFinished'>;

/** An account of the test's own; it goes with the test. Most of the time here is waiting, so the tests run side by side. */
async function open({ onTestFinished }: Finally, options: SimulatorOptions): Promise<Account> {
  const account = await openAccount({ seed: 5, ...options });
  onTestFinished(async () => await account.close());
  account.ctx.config.stripe_timeout_ms = 400;
  return account;
}

const { signal } = new AbortController();

async function expectWhole({ ctx, simulator }: Account, source_id: number): Promise<void> {
  const kept = await listKept(ctx, source_id);
  for (const [resource, objects] of Object.entries(await listAccount(simulator))) {
    expect({ [resource]: kept[resource] }).toEqual({ [resource]: objects });
  }
}

/** People, activities and their totals, by ids that do not depend on the order of arrival. */
async function listDerived(ctx: Context): Promise<unknown[]> {
  // Whoever was first met in a charge gets name and address when looked at again.
  const { rows } = await sql<{ person_id: number }>`select person_id from people`.execute(ctx.db);
  const ids = rows.map((row) => row.person_id);
  await inTransaction(ctx, async (tx) => await refreshState(tx, ids));
  const people = sql`
    select p.email, p.name, array(select customer from person_keys k
           where k.person_id = p.person_id and k.kind = 'customer' order by 1) as customers,
           array(select a.id from activities a where a.person_id = p.person_id order by 1) as activities,
           array(select (t.type, t.currency, t.n, t.total_minor)::text from person_activity_totals t
                  where t.person_id = p.person_id order by 1) as totals
      from people p where p.merged_into is null order by 3, 1`;
  return (await people.execute(ctx.db)).rows;
}

/** A failing loop is started again, as the worker does it; gives up when it never ends. */
async function syncStubbornly(ctx: Context, source_id: number): Promise<void> {
  for (let tries = 0; tries < 40; tries += 1) {
    await continueSyncs(ctx, signal).catch(() => undefined);
    if ((await getSyncProgress(ctx, source_id)).state === 'complete') return;
  }
  throw new Error('the sync does not come to an end');
}

test.concurrent.for(KINDS)(
  'a whole sync through $name, twice on every long list',
  async ({ fault }, end) => {
    const account = await open(end, { customers: 12, months: 4 });
    const { ctx, simulator } = account;
    const source = await connect(account);
    for (const path of ['customers', 'invoices', 'charges']) {
      simulator.faults.add({ ...fault, path: `/v1/${path}`, next: 2 });
    }
    await syncAll(ctx, source.id);
    await expectWhole(account, source.id);
    const progress = await getSyncProgress(ctx, source.id);
    expect(progress.resources.filter((row) => row.error !== null)).toEqual([]);
    expect(progress.rate_limited > 0).toBe(fault.kind === 'rate_limit');
  },
);

test.concurrent('a whole sync through all of it together, one of six answers, ends equal to an undisturbed one', async (end) => {
  const [broken, calm] = [
    await open(end, { customers: 60, months: 12 }),
    await open(end, { customers: 60, months: 12 }),
  ];
  await syncAll(calm.ctx, (await connect(calm)).id);
  const source = await connect(broken);
  for (const { fault } of KINDS) broken.simulator.faults.add({ ...fault, probability: 0.015 });
  await syncStubbornly(broken.ctx, source.id);
  broken.simulator.faults.clear();
  await expectWhole(broken, source.id);
  expect(await listDerived(broken.ctx)).toEqual(await listDerived(calm.ctx));
});

test.concurrent('connecting through all of it makes one webhook endpoint and one source', async (end) => {
  const account = await open(end, {});
  const { ctx, simulator } = account;
  for (const { fault } of KINDS) simulator.faults.add({ ...fault, probability: 0.015 });
  // The answer that tells the secret is the one that gets lost.
  simulator.faults.add({ kind: 'cut_body', method: 'POST', next: 2 });
  await connect(account);
  expect([...simulator.world.state.webhookEndpoints]).toHaveLength(1);
  const { rows } = await sql<{ n: number }>`select count(*) n from sources`.execute(ctx.db);
  expect(rows[0]!.n).toBe(1);
});

test.concurrent('following the account by events through all of it ends at what Stripe has', async (end) => {
  const account = await open(end, { customers: 40, months: 6 });
  const { ctx, simulator } = account;
  const source = await connect(account);
  await syncAll(ctx, source.id);
  simulator.webhook_faults.drop_ratio = 0.5;
  await simulator.advance({ days: 8 });
  ctx.clock.advance(8 * 86_400_000);
  for (const { fault } of KINDS) simulator.faults.add({ ...fault, probability: 0.015 });
  let idle = 0;
  for (let tries = 0; idle < 3 && tries < 200; tries += 1) {
    ctx.clock.advance(600_000);
    const done = [
      await pollEvents(ctx, signal),
      await applyEvents(ctx).catch(() => 1), // the loop comes again
    ];
    idle = done.some((n) => n > 0) ? 0 : idle + 1;
  }
  simulator.faults.clear();
  ctx.clock.advance(600_000);
  await pollEvents(ctx, signal);
  await applyAll(ctx);
  await expectWhole(account, source.id);
  expect((await getSource(ctx, source.id)).webhook).toMatchObject({
    events_waiting: 0,
    events_set_aside: 0,
  });
});
