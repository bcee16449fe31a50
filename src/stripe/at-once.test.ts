import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Json, Resource } from '../objects/index.ts';
import { inTransaction, sql } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { connect, openAccount } from './fixtures/account.ts';
import type { Account } from './fixtures/account.ts';
import { ingest } from './ingest.ts';

let account: Account;
let source_id: number;
beforeAll(async () => {
  account = await openAccount();
  source_id = (await connect(account)).id;
});
afterAll(async () => await account.close());

const AT = new Date('2026-03-01T12:00:00Z');
const created = AT.getTime() / 1000 - 3600;

const save = async (tx: Context, resource: Resource, object: Json): Promise<void> => {
  const version = { at: AT, kind: 'fetch' as const };
  await ingest(tx, source_id, [{ resource, objects: [object], version, origin: 'history' }]);
};

const charge = (id: string): Json => ({
  id,
  object: 'charge',
  customer: `cus_of_${id}`,
  created,
  amount: 500,
  amount_refunded: 500,
  currency: 'eur',
  disputed: true,
  status: 'succeeded',
  paid: true,
});
const PARTS: { resource: Resource; object: Json }[] = [
  {
    resource: 'refunds',
    object: { object: 'refund', status: 'succeeded', amount: 500, currency: 'eur', created },
  },
  {
    resource: 'disputes',
    object: { object: 'dispute', status: 'lost', amount: 500, currency: 'eur', created },
  },
];

const told = async (id: string): Promise<number> =>
  (
    await sql<{ n: number }>`
      select count(*) n from activity_payloads where object_id = ${id}`.execute(account.ctx.db)
  ).rows[0]!.n;

/** Runs two transactions so that both have written before either of them commits, or waits to. */
async function overlap(
  first: (tx: Context) => Promise<void>,
  second: (tx: Context) => Promise<void>,
): Promise<void> {
  const begun: Promise<void>[] = [];
  await inTransaction(account.ctx, async (tx) => {
    await first(tx);
    begun.push(inTransaction(account.ctx, second));
    // It ends by itself, or waits for this one: then the wait can be seen.
    const waits = async (): Promise<boolean> =>
      (
        await sql<{ yes: boolean }>`
          select exists (select from pg_locks where locktype = 'advisory' and not granted
            and database = (select oid from pg_database where datname = current_database())) as yes`.execute(
          tx.db,
        )
      ).rows[0]!.yes;
    let ended = false;
    void Promise.all(begun).finally(() => (ended = true));
    while (!ended && !(await waits())) await new Promise((resolve) => setTimeout(resolve, 10));
  });
  await Promise.all(begun);
}

test.each(PARTS)(
  'a charge and its $resource, stored at once by two transactions, are told whichever is first',
  async ({ resource, object }) => {
    for (const order of ['charge', 'part']) {
      const ch = `ch_${resource}_${order}`;
      const part = { ...object, id: `part_of_${ch}`, charge: ch };
      const steps = [
        async (tx: Context) => await save(tx, 'charges', charge(ch)),
        async (tx: Context) => await save(tx, resource, part),
      ] as const;
      if (order === 'charge') await overlap(steps[0], steps[1]);
      else await overlap(steps[1], steps[0]);
      expect(await told(part.id), order).toBeGreaterThan(0);
    }
  },
);
