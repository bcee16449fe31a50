import { listUnseen } from '../../objects/index.ts';
import type { Resource } from '../../objects/index.ts';
import type { Context } from '../../platform/index.ts';
import type { StripeClient } from '../client/client.ts';
import { RESTING_STATES } from '../definition.ts';
import { hasEarlierRun, listRanges, saveSweep } from '../queries/runs.ts';
import type { SyncRun } from '../queries/runs.ts';
import { readSource } from '../queries/sources.ts';
import { repair } from '../repair.ts';

/** Objects fetched one by one before they are stored together: bounds memory, however much vanished. */
const BATCH = 200;
/** Behind every page of a list and everything that follows live. */
const WEIGHT = -1;

/**
 * Once the lists of a run are read whole, what is kept and was in none of them has probably been
 * deleted in Stripe while nobody told us. Each such object is fetched before it becomes a tombstone:
 * whatever clocks say, a wrong guess costs a read and deletes nothing. Items and lines follow what
 * they belong to. Answers false when it was stopped; it goes on from its last batch next time.
 *
 * A first run finds nothing of the kind. Every listed resource can be fetched by id but events.
 */
export async function findDeleted(
  ctx: Context,
  client: StripeClient,
  run: SyncRun,
  signal: AbortSignal,
): Promise<boolean> {
  if (!(await hasEarlierRun(ctx, run))) return true;
  for (const resource of await listSwept(ctx, run)) {
    for (let after = run.sweep[resource] ?? null; after !== DONE;) {
      if (signal.aborted || (await isStopped(ctx, run))) return false;
      after = await sweepBatch(ctx, client, run, { resource, after: after ?? '', signal });
    }
  }
  return true;
}

const DONE = '';

/** Resources of which this run has read every list to its end. */
async function listSwept(ctx: Context, run: SyncRun): Promise<Resource[]> {
  const ranges = await listRanges(ctx, run.id);
  const unread = ranges.filter(({ done_at, skipped }) => !done_at || skipped);
  const open = new Set(unread.map(({ resource }) => resource));
  const all = new Set(ranges.map(({ resource }) => resource));
  return [...all].flatMap((resource) =>
    resource === 'events' || open.has(resource) ? [] : [resource],
  );
}

async function isStopped(ctx: Context, run: SyncRun): Promise<boolean> {
  return RESTING_STATES.has((await readSource(ctx, run.source_id)).state);
}

/** Looks at the next objects of a resource; answers the last of them, or '' when there are no more. */
async function sweepBatch(
  ctx: Context,
  client: StripeClient,
  run: SyncRun,
  { resource, after, signal }: { resource: Resource; after: string; signal: AbortSignal },
): Promise<string> {
  const unseen = await listUnseen(ctx, run.source_id, resource, {
    since: run.started_at,
    after,
    limit: BATCH,
  });
  const last = unseen.length < BATCH ? DONE : unseen.at(-1)!.id;
  const wanted = unseen.map(({ id, version_at }) => ({ resource, id, at: version_at }));
  await repair(ctx, client, run.source_id, wanted, {
    signal,
    weight: WEIGHT,
    settle: async (tx) => await saveSweep(tx, run.id, resource, last),
  });
  return last;
}
