import { messageOf, withExclusive } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { StripeError } from './client/stripe-error.ts';
import type { SourceState } from './definition.ts';
import { noteKeyTrouble } from './key-trouble.ts';
import { checkSource } from './light-check/check-source.ts';
import { lastDueAt } from './light-check/plan-check.ts';
import { wasSynced } from './queries/runs.ts';
import { findSource, readSources } from './queries/sources.ts';
import type { Source } from './queries/sources.ts';
import { readTails } from './read-tails.ts';
import { watchEndpoint } from './webhook/watch-endpoint.ts';

const CARED_FOR: ReadonlySet<SourceState> = new Set([
  'live',
  'degraded',
  'webhook_full',
  'syncing',
]);

/**
 * What a connected account needs besides being followed: its endpoint is watched, lists without
 * events are read, and once a night it is compared with Stripe. Each has its own pace, kept on the
 * source; a source in trouble is left for its next turn.
 */
export async function careForSources(ctx: Context, signal: AbortSignal): Promise<number> {
  for (const { id, state } of await readSources(ctx)) {
    if (signal.aborted) break;
    if (!CARED_FOR.has(state)) continue;
    try {
      await withExclusive(ctx, `care for source ${id}`, async () => await careFor(ctx, id));
      await checkIfDue(ctx, id);
    } catch (error) {
      if (!(error instanceof StripeError)) throw error;
      await noteKeyTrouble(ctx, id, error);
      ctx.log.warn({ source_id: id, reason: messageOf(error) }, 'a source could not be cared for');
    }
  }
  return 0;
}

async function careFor(ctx: Context, id: number): Promise<void> {
  const source = await findCaredFor(ctx, id);
  if (!source) return;
  await watchEndpoint(ctx, source);
  const now = await findCaredFor(ctx, id);
  if (now && (await wasSynced(ctx, id))) await readTails(ctx, now);
}

async function checkIfDue(ctx: Context, id: number): Promise<void> {
  const source = await findCaredFor(ctx, id);
  if (!source || source.state === 'syncing' || !(await wasSynced(ctx, id))) return;
  const due = lastDueAt(source, ctx.clock.now());
  if ((source.checked_at ?? source.connected_at) >= due) return;
  await checkSource(ctx, id, { nightly: true });
}

async function findCaredFor(ctx: Context, id: number): Promise<Source | null> {
  const source = await findSource(ctx, id);
  return source && source.removed_at === null && CARED_FOR.has(source.state) ? source : null;
}
