import { countObjects } from '../../objects/index.ts';
import type { Resource } from '../../objects/index.ts';
import { AppError, messageOf, withExclusive } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';
import { LISTS } from '../backfill/lists.ts';
import type { StripeClient } from '../client/client.ts';
import { countReads } from '../client/count-reads.ts';
import { clientOf } from '../client/source-client.ts';
import { StripeError } from '../client/stripe-error.ts';
import { noteKeyTrouble } from '../key-trouble.ts';
import { readAllowance } from '../poll-schedule.ts';
import { insertCheck, sumReads } from '../queries/checks.ts';
import type { SourceCheck } from '../queries/checks.ts';
import { wasSynced } from '../queries/runs.ts';
import { countTransactions, pickWindow } from '../queries/samples.ts';
import { readSource, updateSource } from '../queries/sources.ts';
import type { Source } from '../queries/sources.ts';
import { compareStretch } from './compare-stretch.ts';
import type { Findings, Stretch } from './compare-stretch.ts';
import { describeCheck, describeFailure } from './describe-check.ts';
import { planCheck, readsFor } from './plan-check.ts';

const FOLLOWED: ReadonlySet<string> = new Set(['live', 'degraded', 'webhook_full']);
/** Fewer reads say nothing. */
const LEAST_READS = 5;

/**
 * Compares a sample with Stripe: the newest page of every list and random windows of the long ones,
 * each in one read. What no event explains is repaired through the one way in, and reported. Takes at
 * most a tenth of the account's read allowance. Throws `check_not_ready`, `check_running`, `check_budget_used`.
 */
export async function checkSource(
  ctx: Context,
  id: number,
  options: { nightly?: boolean } = {},
): Promise<SourceCheck> {
  const check = await withExclusive(ctx, `care for source ${id}`, async () => {
    const source = await readSource(ctx, id);
    if (!FOLLOWED.has(source.state) || !(await wasSynced(ctx, id))) {
      throw new AppError(
        'check_not_ready',
        'There is nothing to compare yet: the account must be copied whole and followed. Look at its state first.',
      );
    }
    const reads = await readsLeft(ctx, source);
    if (reads < LEAST_READS && options.nightly) return await skip(ctx, source);
    if (reads < LEAST_READS) {
      throw new AppError(
        'check_budget_used',
        'Comparing has used its tenth of what Stripe lets this account read in 30 days. It goes on by itself as days pass.',
      );
    }
    return await compare(ctx, source, reads);
  });
  if (check) return check;
  throw new AppError(
    'check_running',
    'This source is being looked after just now. Try again in a minute.',
  );
}

async function readsLeft(ctx: Context, source: Source): Promise<number> {
  const allowance = readAllowance(await countTransactions(ctx, source.id));
  return readsFor(allowance, await sumReads(ctx, source.id));
}

/** A night without a comparison is a finding too. */
async function skip(ctx: Context, source: Source): Promise<SourceCheck> {
  const at = ctx.clock.now();
  await updateSource(ctx, source.id, { checked_at: at });
  const nothing = { reads: 0, compared: 0, missing: 0, extra: 0, different: 0, repaired: 0 };
  const sentence = 'Not compared: the tenth of the read allowance of 30 days is used up.';
  return await insertCheck(ctx, source.id, { at, ...nothing, sentence });
}

/** The comparison itself; a failure of Stripe is kept as a finding too. */
async function compare(ctx: Context, source: Source, reads: number): Promise<SourceCheck> {
  const client = clientOf(ctx, source);
  const counted = countReads(client);
  const findings: Findings = {
    compared: 0,
    missing: 0,
    extra: 0,
    different: 0,
    repaired: 0,
    lists: new Set(),
    unsettled: 0,
  };
  let failure: string | null = null;
  try {
    await compareAll(ctx, counted.client, source, { reads, findings });
  } catch (error) {
    if (!(error instanceof StripeError)) throw error;
    await noteKeyTrouble(ctx, source.id, error);
    failure = messageOf(error);
  }
  const at = ctx.clock.now();
  await updateSource(ctx, source.id, { checked_at: at });
  const { lists: _lists, unsettled: _unsettled, ...figures } = findings;
  const sentence = failure === null ? describeCheck(findings) : describeFailure(findings, failure);
  return await insertCheck(ctx, source.id, { at, reads: counted.reads(), sentence, ...figures });
}

async function compareAll(
  ctx: Context,
  client: StripeClient,
  source: Source,
  { reads, findings }: { reads: number; findings: Findings },
): Promise<void> {
  const rows: Record<string, number> = await countObjects(ctx, source.id);
  const lists = LISTS.filter(({ resource }) => resource !== 'events').map(
    ({ resource, by_created }) => ({ resource, by_created, rows: rows[resource] ?? 0 }),
  );
  const plan = planCheck(lists, reads, Math.random);
  const left = { fetches: plan.fetches };
  for (const resource of plan.newest) {
    const newest = { resource: resource as Resource, from: null, until: null };
    await compareStretch(ctx, client, source, newest as Stretch, { findings, left });
  }
  for (const resource of plan.windows) {
    const window = await pickWindow(ctx, source.id, resource as Resource, rows[resource] ?? 0);
    if (!window) continue;
    const stretch = { resource: resource as Resource, ...window };
    await compareStretch(ctx, client, source, stretch as Stretch, { findings, left });
  }
}
