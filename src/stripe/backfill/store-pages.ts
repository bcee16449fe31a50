import { listOlderOf, recordEvents } from '../../objects/index.ts';
import type { FetchedList, Json, Resource, SaveObjects, Sighting } from '../../objects/index.ts';
import { sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';
import type { StripeClient } from '../client/client.ts';
import { clockAhead } from '../client/clock-skew.ts';
import { ingest, markByEvents } from '../ingest.ts';
import { advanceRanges } from '../queries/runs.ts';
import type { SyncRun } from '../queries/runs.ts';
import { refetch } from '../refetch.ts';
import type { Wanted } from '../refetch.ts';
import { retryConflicts } from '../retry-conflicts.ts';
import type { CarriedObjects } from './fetch-page.ts';
import type { ListResource } from './lists.ts';

export interface FetchedPage {
  resource: ListResource;
  range_id: number;
  /** The cursor it was asked for with; null for the first page of a range. */
  after: string | null;
  objects: Sighting[];
  source: FetchedList;
  /** Objects of another resource that came along. */
  carried?: CarriedObjects | undefined;
  /** Where the next page begins. */
  cursor: string | null;
  reached_at: Date | null;
  done: boolean;
}

/**
 * Stores pages of one list (and empty pages of any) with everything that follows from them, and moves
 * their ranges past them, in one transaction: a crash at any moment either has a page whole or fetches
 * it again. Pages of one range come in their order.
 */
export async function storePages(
  ctx: Context,
  client: StripeClient,
  run: SyncRun,
  pages: readonly FetchedPage[],
): Promise<void> {
  let open = pages;
  let ties: Wanted[] = [];
  await retryConflicts(ctx, async (tx) => {
    await relaxCommit(tx);
    ties = await storeObjects(tx, run, pages);
    // With a tie open a page is not finished, nor may its range pass it: after a crash it is fetched again.
    open = withTies(pages, ties);
    await advanceRanges(
      tx,
      pages.filter((page) => !open.includes(page)),
    );
  });
  while (ties.length > 0) {
    const settled = await refetch(client, ties);
    await retryConflicts(ctx, async (tx) => {
      ({ ties } = await ingest(tx, run.source_id, settled.map(toSave)));
      if (ties.length === 0) await advanceRanges(tx, open);
    });
  }
}

/** All pages of those ranges in which something is tied. */
function withTies(pages: readonly FetchedPage[], ties: readonly Wanted[]): FetchedPage[] {
  if (ties.length === 0) return [];
  const ids = new Set(ties.map((tie) => tie.id));
  const ranges = new Set(
    pages
      .filter((page) =>
        [...page.objects, ...(page.carried?.objects ?? [])].some(({ object }) =>
          ids.has(object.id as string),
        ),
      )
      .map((page) => page.range_id),
  );
  return pages.filter((page) => ranges.has(page.range_id));
}

/**
 * Does not wait for the disk. Should the machine itself crash, the last pages and their cursor are
 * lost together and are fetched again.
 */
async function relaxCommit(tx: Context): Promise<void> {
  await sql`set local synchronous_commit = off`.execute(tx.db);
}

async function storeObjects(
  tx: Context,
  run: SyncRun,
  pages: readonly FetchedPage[],
): Promise<Wanted[]> {
  const full = pages.filter((page) => page.objects.length > 0);
  if (full.length === 0) return [];
  const { resource } = full[0]!;
  const objects = full.flatMap((page) => page.objects);
  if (resource === 'events') {
    await storeEvents(
      tx,
      run,
      objects.map((sighting) => sighting.object),
    );
    return [];
  }
  const saves: Save[] = [
    { ...fetched(resource as Resource, objects), pages: full.map((page) => page.source) },
  ];
  for (const { carried, objects: parents } of full) {
    if (!carried) continue;
    saves.push(fetched(carried.resource, await withVanished(tx, run, carried, parents)));
  }
  return (await ingest(tx, run.source_id, saves)).ties;
}

type Save = Omit<SaveObjects, 'source_id'>;

// Every sighting of a page carries its own instant; this default is never read.
const fetched = (resource: Resource, objects: Sighting[]): Save => ({
  resource,
  objects,
  version: { at: new Date(0), kind: 'fetch' },
  origin: 'history',
});

const toSave = ({ resource, ...sighting }: Sighting & { resource: Resource }): Save =>
  fetched(resource, [sighting]);

/** A parent tells all that it has: what is kept of it from before and was not told now is gone. */
async function withVanished(
  tx: Context,
  run: SyncRun,
  carried: CarriedObjects,
  objects: Sighting[],
): Promise<Sighting[]> {
  const told = new Set(carried.objects.map(({ object }) => String(object.id)));
  const at = objects[0]!.version_at;
  const kept = await listOlderOf(tx, run.source_id, carried.resource, carried.parents, at);
  const gone = kept.filter((object) => !told.has(String(object.id)));
  return [
    ...carried.objects,
    ...gone.map((object): Sighting => ({ object, version_at: at, kind: 'fetch', deleted: true })),
  ];
}

/** Before a run, changes may have happened that its first pages just missed. */
const OVERLAP_MS = 300_000;

/**
 * Events from before the run are kept for the record: every object is fetched after them. Newer
 * ones may tell of a change to an object that was already fetched, so they are to be applied.
 */
async function storeEvents(tx: Context, run: SyncRun, events: Json[]): Promise<void> {
  const started = run.started_at.getTime() - Math.max(0, clockAhead(tx));
  const before = started - OVERLAP_MS;
  await recordEvents(tx, {
    source_id: run.source_id,
    events,
    origin: 'backfill',
    isProcessed: (event) => Number(event.created) * 1000 < before,
  });
  await markByEvents(tx, run.source_id, events);
}
