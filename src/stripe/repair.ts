import type { Context } from '../platform/index.ts';
import type { StripeClient } from './client/client.ts';
import { ingest } from './ingest.ts';
import { refetch } from './refetch.ts';
import type { Wanted } from './refetch.ts';
import { retryConflicts } from './retry-conflicts.ts';

export interface RepairOptions {
  signal?: AbortSignal;
  weight?: number;
  /** What is to be noted in the transaction that stores the outcome. */
  settle?: (tx: Context) => Promise<void>;
}

/** Fetches objects one by one as they are now and stores what they say, deletions included. Answers how many changed. */
export async function repair(
  ctx: Context,
  client: StripeClient,
  source_id: number,
  wanted: Wanted[],
  options: RepairOptions = {},
): Promise<number> {
  const { settle, ...request } = options;
  let open = wanted;
  let changed = 0;
  for (;;) {
    // Only Stripe's own word that there is no such object makes one gone; no answer leaves it as it is.
    const asked = open.map((one) => ({ ...one, fallback: null }));
    const fetched = (await refetch(client, asked, request)).filter((one) => !one.unknown);
    const saves = [...Map.groupBy(fetched, ({ resource }) => resource)].map(
      ([resource, objects]) => ({
        resource,
        objects: objects.map(({ resource: _resource, unknown: _unknown, ...sighting }) => sighting),
        // Every sighting carries its own instant; this default is never read.
        version: { at: new Date(0), kind: 'fetch' as const },
        origin: 'history' as const,
      }),
    );
    const stored = await retryConflicts(ctx, async (tx) => {
      const outcome = await ingest(tx, source_id, saves);
      if (outcome.ties.length === 0) await settle?.(tx);
      return outcome;
    });
    changed += stored.changes;
    open = stored.ties;
    if (open.length === 0) return changed;
  }
}
