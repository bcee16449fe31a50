import { listTroubledEvents, retryTroubledEvents } from '../objects/index.ts';
import type { EventTrouble, TroubledEvent } from '../objects/index.ts';
import { inTransaction, notify } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { clearRangeErrors } from './queries/runs.ts';
import { readSource } from './queries/sources.ts';
import { viewSource } from './source-view.ts';
import type { SourceView } from './source-view.ts';

/** Tries everything that failed again at once: pieces of a sync, and events that fail or were given up. */
export async function retrySource(ctx: Context, id: number): Promise<SourceView> {
  const source = await readSource(ctx, id);
  await inTransaction(ctx, async (tx) => {
    await clearRangeErrors(tx, id);
    await retryTroubledEvents(tx, id);
    await notify(tx, { topic: 'source', source_id: id });
    await notify(tx, { topic: 'events', source_id: id });
  });
  return await viewSource(ctx, source);
}

const PAGE = 50;

/** A page of the events that could not be applied, newest first. `next` is where the older page begins. */
export async function listSourceEvents(
  ctx: Context,
  query: { source_id: number; state: EventTrouble; before?: { at: Date; id: string } | undefined },
): Promise<{ rows: TroubledEvent[]; next: { at: Date; id: string } | null }> {
  await readSource(ctx, query.source_id);
  const found = await listTroubledEvents(ctx, { ...query, limit: PAGE + 1 });
  const rows = found.slice(0, PAGE);
  const last = found.length > PAGE ? rows.at(-1) : undefined;
  return { rows, next: last ? { at: last.created_at, id: last.id } : null };
}
