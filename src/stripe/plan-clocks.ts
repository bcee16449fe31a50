import { listCustomerObjects } from '../objects/index.ts';
import type { CustomerResource, Json, ObjectChange } from '../objects/index.ts';
import type { Context } from '../platform/index.ts';
import type { StripeClient } from './client/client.ts';
import { StripeError } from './client/stripe-error.ts';
import { tellAgain } from './ingest.ts';
import { listClockCustomers } from './queries/clocks.ts';
import { addRanges, listRanges } from './queries/runs.ts';
import type { SyncRun } from './queries/runs.ts';
import type { Source } from './queries/sources.ts';
import { retryConflicts } from './retry-conflicts.ts';

/** Customers told of together. */
const BATCH = 50;

/**
 * Stripe leaves customers and subscriptions on a test clock out of its lists unless they are asked
 * for clock by clock. The customers are always read, so that what is theirs is known for what it is;
 * with `include_test_clocks` their subscriptions are, too, and all of them become people. Adds to a
 * run what it still lacks of that; doing it again adds nothing.
 */
export async function planClocks(
  ctx: Context,
  client: StripeClient,
  source: Source,
  run: SyncRun,
): Promise<void> {
  if (source.mode !== 'test') return;
  const planned = await listRanges(ctx, run.id);
  // A run that reads only what was skipped before has nothing to do with clocks.
  if (!planned.some(({ resource }) => resource === 'customers')) return;
  const clocks = await listClocks(client);
  const resources = source.include_test_clocks
    ? (['customers', 'subscriptions'] as const)
    : (['customers'] as const);
  const missing = clocks.flatMap((parent) =>
    resources
      .filter(
        (resource) => !planned.some((one) => one.parent === parent && one.resource === resource),
      )
      .map((resource) => ({ resource, parent, phase: 1 as const, from_at: null, until_at: null })),
  );
  if (missing.length === 0) return;
  if (source.include_test_clocks) await tellStored(ctx, source.id);
  await addRanges(ctx, run, missing);
}

/** Ids of the account's test clocks; none when the key may not read them or there is no such thing. */
async function listClocks(client: StripeClient): Promise<string[]> {
  const ids: string[] = [];
  try {
    for (let more = true; more;) {
      const after = ids.at(-1);
      const { body } = await client.get('/v1/test_helpers/test_clocks', {
        limit: 100,
        ...(after ? { starting_after: after } : {}),
      });
      const page = body.data as Json[];
      ids.push(...page.map((clock) => String(clock.id)));
      more = body.has_more === true && page.length > 0;
    }
  } catch (error) {
    const absent = ['permission', 'missing', 'invalid'];
    if (!(error instanceof StripeError) || !absent.includes(error.kind)) throw error;
  }
  return ids;
}

const THEIRS: readonly CustomerResource[] = [
  'customers',
  'subscriptions',
  'invoices',
  'charges',
  'credit_notes',
  'checkout_sessions',
];

/** What is stored already of customers on clocks was passed over when it came: it is told now. */
async function tellStored(ctx: Context, source_id: number): Promise<void> {
  const customers = await listClockCustomers(ctx, source_id);
  for (let start = 0; start < customers.length; start += BATCH) {
    const pairs = customers
      .slice(start, start + BATCH)
      .map((customer) => ({ source_id, customer }));
    await retryConflicts(ctx, async (tx) => {
      const changes: ObjectChange[] = [];
      for (const resource of THEIRS) {
        for (const { id, raw } of await listCustomerObjects(tx, resource, pairs)) {
          const at = tx.clock.now();
          changes.push({
            source_id,
            resource,
            id,
            before: null,
            after: raw,
            at,
            origin: 'history',
          });
        }
      }
      if (changes.length > 0) await tellAgain(tx, source_id, changes);
    });
  }
}
