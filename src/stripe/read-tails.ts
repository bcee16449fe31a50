import type { Resource } from '../objects/index.ts';
import type { Context } from '../platform/index.ts';
import { fetchPage } from './backfill/fetch-page.ts';
import { LISTS, listOf, secondOf } from './backfill/lists.ts';
import type { ListResource } from './backfill/lists.ts';
import type { Params, StripeClient } from './client/client.ts';
import { clientOf } from './client/source-client.ts';
import { StripeError } from './client/stripe-error.ts';
import { PERMISSIONS } from './definition.ts';
import { ingest } from './ingest.ts';
import { readAllowance } from './poll-schedule.ts';
import { countTransactions, findOldestUnsettled } from './queries/samples.ts';
import { updateSource } from './queries/sources.ts';
import type { Source } from './queries/sources.ts';
import { repair } from './repair.ts';
import { retryConflicts } from './retry-conflicts.ts';

/** A list whose objects come or change without an event. */
interface Tail {
  resource: string;
  /** Objects that may still change: only those with this value of this field. */
  unsettled: { field: string; value: string; params: Params } | null;
}

/**
 * - Balance transactions have no events at all; a pending one becomes available days later.
 * - A checkout session is told when it ends, not when it is opened.
 * - An invoice item is told when it comes and goes, not when it changes; a pending one may.
 * - A draft quote is told when it is finalised.
 */
const TAILS: readonly Tail[] = [
  {
    resource: 'balance_transactions',
    unsettled: { field: 'status', value: 'pending', params: {} },
  },
  { resource: 'checkout_sessions', unsettled: null },
  {
    resource: 'invoice_items',
    unsettled: { field: 'invoice', value: '', params: { pending: true } },
  },
  {
    resource: 'quotes',
    unsettled: { field: 'status', value: 'draft', params: { status: 'draft' } },
  },
];

const HOUR_MS = 3_600_000;
/** Clocks differ, and an object may become visible a little late. */
const OVERLAP_MS = HOUR_MS;
/** An account with the smallest allowance reads its tails less often. */
const SMALL = 20_000;
/** Pages of one tail at once; what is older waits for the nightly comparison. */
const MOST_PAGES = 10;
const MOST_UNSETTLED_PAGES = 20;
const WEIGHT = 500;

/**
 * Reads the recent ends of lists whose changes Stripe tells no event of: hourly when anything
 * happened, and once a day what is not settled yet. One read a list as a rule.
 */
export async function readTails(ctx: Context, source: Source): Promise<void> {
  const now = ctx.clock.now();
  const since = source.tails_read_at ?? source.connected_at;
  const small = readAllowance(await countTransactions(ctx, source.id)) < SMALL;
  const rest = small ? 3 * HOUR_MS : HOUR_MS;
  const happened =
    source.last_event_at !== null && source.last_event_at >= new Date(since.getTime() - OVERLAP_MS);
  if (now.getTime() - since.getTime() >= rest && happened) {
    const client = clientOf(ctx, source);
    for (const tail of offered(source)) {
      await readEnd(ctx, client, source, {
        resource: tail.resource as ListResource,
        since: new Date(since.getTime() - OVERLAP_MS),
        pages: MOST_PAGES,
      });
    }
    await updateSource(ctx, source.id, { tails_read_at: now });
  }
  const last = source.tails_pending_at ?? source.connected_at;
  if (now.getTime() - last.getTime() >= 24 * HOUR_MS) {
    for (const tail of offered(source))
      await readUnsettled(ctx, clientOf(ctx, source), source, tail);
    await updateSource(ctx, source.id, { tails_pending_at: now });
  }
}

/** Tails that are kept here and that the key may read. */
function offered(source: Source): Tail[] {
  return TAILS.filter(({ resource }) => {
    const permission = PERMISSIONS.find((one) => one.resource === resource);
    const may = permission === undefined || source.permissions[permission.slug] !== false;
    return may && LISTS.some((list) => list.resource === resource);
  });
}

async function readUnsettled(
  ctx: Context,
  client: StripeClient,
  source: Source,
  { resource, unsettled }: Tail,
): Promise<void> {
  if (unsettled === null) return;
  const oldest = await findOldestUnsettled(ctx, source.id, resource as Resource, unsettled);
  if (oldest === null) return;
  await readEnd(ctx, client, source, {
    resource: resource as ListResource,
    since: oldest,
    pages: MOST_UNSETTLED_PAGES,
    params: unsettled.params,
  });
}

/** The key may not read the list, or the account has none. */
const NOT_THERE: ReadonlySet<string> = new Set(['permission', 'missing', 'invalid']);

/** Reads a list from its newest end down to an instant, and stores what it says. */
async function readEnd(
  ctx: Context,
  client: StripeClient,
  source: Source,
  end: { resource: ListResource; since: Date; pages: number; params?: Params },
): Promise<void> {
  const { resource, since, params } = end;
  const second = Math.floor(since.getTime() / 1000);
  // A list that cannot be narrowed by time is left where it gets too old.
  const from = listOf(resource).by_created ? second * 1000 : null;
  let cursor: string | null = null;
  for (let pages = 0; pages < end.pages; pages += 1) {
    let page;
    try {
      const request = { resource, from, until: null, cursor, ...(params ? { params } : {}) };
      page = await fetchPage(client, request, { weight: WEIGHT });
    } catch (error) {
      // Not needed, and told on the screen: nothing to stop for.
      if (error instanceof StripeError && NOT_THERE.has(error.kind)) return;
      throw error;
    }
    const { ties } = await retryConflicts(
      ctx,
      async (tx) =>
        await ingest(tx, source.id, [
          {
            resource: resource as Resource,
            objects: page.objects,
            version: { at: since, kind: 'fetch' },
          },
        ]),
    );
    if (ties.length > 0) await repair(ctx, client, source.id, ties);
    const last = page.objects.at(-1);
    if (!page.has_more || !last || (secondOf(resource, last.object) ?? 0) < second) return;
    cursor = String(last.object.id);
  }
}
