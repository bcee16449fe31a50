import { recordEvents } from '../objects/index.ts';
import type { Json } from '../objects/index.ts';
import { inTransaction, notify } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import type { StripeClient } from './client/client.ts';
import { clockAhead } from './client/clock-skew.ts';
import type { Source } from './queries/sources.ts';

/** Events of one second may become visible a little out of order; known ones are not stored twice. */
const OVERLAP_S = 300;
/** A delivery may take a moment; an event older than this that only asking found was not delivered. */
const GRACE_MS = 60_000;

/** Everything that happened since events were last known whole, newest first as Stripe lists it; each page is kept at once. */
export async function keepNewEvents(
  ctx: Context,
  client: StripeClient,
  source: Source,
  options: { signal: AbortSignal | undefined; weight: number },
): Promise<{ fresh: number; newest: Date | null; missed: number }> {
  const since = source.events_polled_until ?? source.connected_at;
  const gte = Math.floor(since.getTime() / 1000) - OVERLAP_S;
  const late = ctx.clock.now().getTime() - clockAhead(ctx) - GRACE_MS;
  const { signal, weight } = options;
  const request = { weight, ...(signal ? { signal } : {}) };
  let fresh = 0;
  let missed = 0;
  let newest: Date | null = null;
  for (let after: string | null = null; ;) {
    const { body } = await client.get(
      '/v1/events',
      { limit: 100, created: { gte }, ...(after === null ? {} : { starting_after: after }) },
      request,
    );
    const events = body.data as Json[];
    newest ??= events[0] ? createdOf(events[0]) : null;
    const added = await inTransaction(ctx, async (tx) => {
      const ids = await recordEvents(tx, { source_id: source.id, events, origin: 'poll' });
      if (ids.length > 0) await notify(tx, { topic: 'events', source_id: source.id });
      return new Set(ids);
    });
    fresh += added.size;
    missed += events.filter(
      (event) => added.has(String(event.id)) && createdOf(event).getTime() < late,
    ).length;
    if (body.has_more !== true || events.length === 0) return { fresh, newest, missed };
    after = String(events.at(-1)!.id);
  }
}

const createdOf = (event: Json): Date => new Date(Number(event.created) * 1000);
