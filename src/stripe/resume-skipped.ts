import { inTransaction } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { NOT_OFFERED, findPermission } from './backfill/decide-skip.ts';
import { planRanges } from './backfill/lists.ts';
import type { ListResource } from './backfill/lists.ts';
import { clientOf } from './client/source-client.ts';
import { StripeError } from './client/stripe-error.ts';
import { tryPermission } from './probe-key.ts';
import { startLane } from './queries/lane.ts';
import {
  addRanges,
  findRunning,
  listRanges,
  listSkipped,
  resumeSkipped,
  startRun,
} from './queries/runs.ts';
import { readSources, updateSource } from './queries/sources.ts';
import type { Source } from './queries/sources.ts';

/** How often a permission that is missing is tried again by itself; one at a time, in turn. */
const EVERY_MS = 15 * 60_000;
const FOLLOWED: ReadonlySet<string> = new Set(['live', 'degraded', 'webhook_full', 'syncing']);

/** Looks whether a permission was granted for which something is skipped. Answers how many were. */
export async function recheckPermissions(ctx: Context): Promise<number> {
  let granted = 0;
  for (const source of await readSources(ctx)) {
    if (!FOLLOWED.has(source.state)) continue;
    try {
      if (await recheckOne(ctx, source)) granted += 1;
    } catch (error) {
      if (!(error instanceof StripeError)) throw error;
      ctx.log.warn({ err: error, source_id: source.id }, 'a permission could not be tried');
    }
  }
  return granted;
}

async function recheckOne(ctx: Context, source: Source): Promise<boolean> {
  const now = ctx.clock.now();
  const last = source.permission_probed_at?.getTime() ?? 0;
  if (now.getTime() - last < EVERY_MS) return false;
  const skipped = await listSkipped(ctx, source.id);
  const slugs = [...new Set(skipped.map((one) => one.skipped))].filter(
    (one) => one !== NOT_OFFERED,
  );
  const turn = Math.floor(now.getTime() / EVERY_MS) % Math.max(1, slugs.length);
  const permission = findPermission(slugs[turn] ?? '');
  if (!permission) return false;
  await updateSource(ctx, source.id, { permission_probed_at: now });
  if (await tryPermission(clientOf(ctx, source), permission)) return false;
  return (await resumeGranted(ctx, source, { [permission.slug]: true })) > 0;
}

/**
 * Starts reading what was skipped and may be read now, by what is known of the key's permissions.
 * Answers how many resources that are. Nothing is started twice.
 */
export async function resumeGranted(
  ctx: Context,
  source: Source,
  permissions: Record<string, boolean>,
): Promise<number> {
  return await inTransaction(ctx, async (tx) => {
    const skipped = (await listSkipped(tx, source.id)).filter((one) => permissions[one.skipped]);
    if (skipped.length === 0) return 0;
    const known = { ...source.permissions, ...permissions };
    const lists = skipped.flatMap(({ resource }): ListResource[] =>
      resource === 'payment_methods' ? [] : [resource],
    );
    if (lists.length < skipped.length) await startLane(tx, source.id);
    if (lists.length === 0) await updateSource(tx, source.id, { permissions: known });
    else await resumeLists(tx, source, lists, known);
    return skipped.length;
  });
}

async function resumeLists(
  tx: Context,
  source: Source,
  lists: ListResource[],
  permissions: Record<string, boolean>,
): Promise<void> {
  const running = await findRunning(tx, source.id);
  if (running) {
    await resumeSkipped(tx, running.id, lists);
    const known = new Set((await listRanges(tx, running.id)).map(({ resource }) => resource));
    const others = lists.filter((resource) => !known.has(resource));
    await addRanges(tx, running, planRanges(tx.clock.now(), others));
  } else await startRun(tx, source.id, planRanges(tx.clock.now(), lists));
  const resting = source.state === 'live' || source.state === 'degraded';
  await updateSource(tx, source.id, { permissions, ...(resting ? { state: 'syncing' } : {}) });
}
