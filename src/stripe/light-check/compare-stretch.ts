import { readNested } from '../../objects/index.ts';
import type { Resource, Sighting } from '../../objects/index.ts';
import type { Context } from '../../platform/index.ts';
import { fetchPage } from '../backfill/fetch-page.ts';
import { secondOf } from '../backfill/lists.ts';
import type { ListResource } from '../backfill/lists.ts';
import type { StripeClient } from '../client/client.ts';
import { StripeError } from '../client/stripe-error.ts';
import { ingest } from '../ingest.ts';
import { keepNewEvents } from '../keep-new-events.ts';
import { listKeptRows, listAwaited } from '../queries/samples.ts';
import type { Source } from '../queries/sources.ts';
import { repair } from '../repair.ts';
import { retryConflicts } from '../retry-conflicts.ts';
import { comparePage } from './compare-page.ts';
import type { Compared, KeptRow } from './compare-page.ts';

/** Part of a list: the newest page when both ends are open. */
export interface Stretch {
  resource: ListResource & Resource;
  from: Date | null;
  until: Date | null;
}

export interface Findings {
  compared: number;
  missing: number;
  extra: number;
  different: number;
  repaired: number;
  /** Names of the lists that were looked at. */
  lists: Set<string>;
  /** What could not be looked at one by one any more. */
  unsettled: number;
}

/** What is younger may still be on its way: the healthy webhook is only looked after every ten minutes. */
const FRESH_MS = 15 * 60_000;
/** Behind everything else that is asked of Stripe. */
const WEIGHT = -1;

/** Reads one stretch of a list in one request, compares it, and repairs what differs. */
export async function compareStretch(
  ctx: Context,
  client: StripeClient,
  source: Source,
  stretch: Stretch,
  work: { findings: Findings; left: { fetches: number } },
): Promise<void> {
  const listed = await readStretch(client, stretch);
  if (listed === null) return;
  const { findings, left } = work;
  findings.lists.add(stretch.resource);
  let compared = await compareKept(ctx, source, stretch, listed);
  if (isOff(compared) && left.fetches > 0) {
    // Before anything is called a difference: is there an event that just has not arrived?
    left.fetches -= 1;
    await keepNewEvents(ctx, client, source, { signal: undefined, weight: WEIGHT });
    compared = await compareKept(ctx, source, stretch, listed);
  }
  findings.compared += compared.compared;
  findings.missing += compared.missing.length;
  findings.different += compared.different.length;
  findings.repaired += await takeOver(ctx, client, source, stretch.resource, { compared, left });
  await settleExtra(ctx, client, source, { stretch, extra: compared.extra, ...work });
}

interface Listed {
  objects: Sighting[];
  /** Down to where the list is known whole. */
  from: Date | null;
}

/** Compares with what is kept now; what an event that waits is about is no difference. */
async function compareKept(
  ctx: Context,
  source: Source,
  { resource, until }: Stretch,
  { objects, from }: Listed,
): Promise<Compared> {
  const ids = objects.map(({ object }) => String(object.id));
  const readRows = async () => await listKeptRows(ctx, source.id, resource, { from, until, ids });
  const all = new Set([...ids, ...(await readRows()).map(({ id }) => id)]);
  // Asked before the rows are read: an event applied in between counts as waiting, and none is overlooked.
  const waiting = await listAwaited(ctx, source.id, [...all]);
  const fresh = ctx.clock.now().getTime() - FRESH_MS;
  const young = objects.filter(({ object }) => (secondOf(resource, object) ?? 0) * 1000 > fresh);
  const youngIds = new Set(young.map(({ object }) => String(object.id)));
  return comparePage(
    resource,
    objects,
    await readRows(),
    (id, row) => waiting.has(id) || (row === null && youngIds.has(id)),
  );
}

const isOff = ({ missing, different, extra }: Compared): boolean =>
  missing.length + different.length + extra.length > 0;

/** The stretch as Stripe lists it, down to where it is complete; null when the key may not read it. */
async function readStretch(client: StripeClient, stretch: Stretch): Promise<Listed | null> {
  const request = {
    resource: stretch.resource,
    from: stretch.from?.getTime() ?? null,
    until: stretch.until?.getTime() ?? null,
    cursor: null,
    shallow: true,
  };
  try {
    const page = await fetchPage(client, request, { weight: WEIGHT });
    if (!page.has_more) return { objects: page.objects, from: stretch.from };
    // More may follow of the last second, so only what is younger is known whole.
    const second = ({ object }: Sighting): number => secondOf(stretch.resource, object) ?? 0;
    const last = second(page.objects.at(-1)!);
    const whole = page.objects.filter((sighting) => second(sighting) > last);
    return { objects: whole, from: new Date((last + 1) * 1000) };
  } catch (error) {
    if (error instanceof StripeError && error.kind === 'permission') return null;
    throw error;
  }
}

/**
 * Stores what Stripe showed where we had nothing, or something else; an object whose embedded list is
 * only its first page is fetched by itself. Answers how many of the told differences are gone.
 */
async function takeOver(
  ctx: Context,
  client: StripeClient,
  source: Source,
  resource: Resource,
  { compared, left }: { compared: Compared; left: { fetches: number } },
): Promise<number> {
  const told = [...compared.missing, ...compared.different];
  const { whole, cut } = splitByNesting(resource, told);
  const quiet = splitByNesting(resource, compared.quiet).whole;
  await store(ctx, client, source, resource, quiet);
  const stored = await store(ctx, client, source, resource, whole);
  const wanted = cut.slice(0, left.fetches).map(({ object, version_at }) => ({
    resource,
    id: String(object.id),
    at: version_at,
  }));
  left.fetches -= wanted.length;
  const fetched =
    wanted.length === 0 ? 0 : await repair(ctx, client, source.id, wanted, { weight: WEIGHT });
  return Math.min(told.length, stored + fetched);
}

function splitByNesting(resource: Resource, objects: Sighting[]) {
  const isCut = ({ object }: Sighting): boolean => readNested(resource, object).has_more;
  return { whole: objects.filter((one) => !isCut(one)), cut: objects.filter(isCut) };
}

async function store(
  ctx: Context,
  client: StripeClient,
  source: Source,
  resource: Resource,
  objects: Sighting[],
): Promise<number> {
  if (objects.length === 0) return 0;
  const save = { resource, objects, version: { at: new Date(0), kind: 'fetch' as const } };
  const { changes, ties } = await retryConflicts(
    ctx,
    async (tx) => await ingest(tx, source.id, [{ ...save, origin: 'history' }]),
  );
  return changes + (ties.length > 0 ? await repair(ctx, client, source.id, ties) : 0);
}

/** What Stripe's list lacks is fetched by itself: only what is really gone counts, and goes. */
async function settleExtra(
  ctx: Context,
  client: StripeClient,
  source: Source,
  work: { stretch: Stretch; extra: KeptRow[]; findings: Findings; left: { fetches: number } },
): Promise<void> {
  const { stretch, extra, findings, left } = work;
  const looked = extra.slice(0, left.fetches);
  findings.unsettled += extra.length - looked.length;
  left.fetches -= looked.length;
  if (looked.length === 0) return;
  const wanted = looked.map(({ id, version_at }) => ({
    resource: stretch.resource,
    id,
    at: version_at,
  }));
  await repair(ctx, client, source.id, wanted, { weight: WEIGHT });
  const ids = looked.map(({ id }) => id);
  const after = await listKeptRows(ctx, source.id, stretch.resource, {
    // Nothing lies in this stretch: only the ids are asked for.
    from: stretch.until ?? new Date(8.64e15),
    until: stretch.from ?? new Date(0),
    ids,
  });
  const gone = after.filter((row) => row.deleted && ids.includes(row.id)).length;
  findings.extra += gone;
  findings.repaired += gone;
}
