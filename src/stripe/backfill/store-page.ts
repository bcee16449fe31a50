import { listOlderOf, recordEvents } from '../../objects/index.ts';
import type { Json, Resource, SaveObjects, Sighting } from '../../objects/index.ts';
import { sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';
import type { StripeClient } from '../client/client.ts';
import { ingest, markByEvents } from '../ingest.ts';
import { advanceRange } from '../queries/runs.ts';
import type { SyncRun } from '../queries/runs.ts';
import { refetch } from '../refetch.ts';
import type { Wanted } from '../refetch.ts';
import { retryConflicts } from '../retry-conflicts.ts';
import type { CarriedObjects } from './fetch-page.ts';
import type { ListResource } from './lists.ts';

export interface StoredPage {
  resource: ListResource;
  range_id: number;
  objects: Sighting[];
  /** Objects of another resource that came along. */
  carried?: CarriedObjects | undefined;
  cursor: string | null;
  reached_at: Date | null;
  done: boolean;
}

/**
 * Stores a page with everything that follows from it, and moves the range past it, in one
 * transaction: a crash at any moment either has the page whole or fetches it again.
 */
export async function storePage(
  ctx: Context,
  client: StripeClient,
  run: SyncRun,
  page: StoredPage,
): Promise<void> {
  let ties: Wanted[] = [];
  await retryConflicts(ctx, async (tx) => {
    await relaxCommit(tx);
    ties = await storeObjects(tx, run, page);
    // With a tie open the page is not finished: after a crash it is fetched again.
    if (ties.length === 0) await advance(tx, page);
  });
  while (ties.length > 0) {
    const settled = await refetch(client, ties);
    await retryConflicts(ctx, async (tx) => {
      ({ ties } = await ingest(tx, run.source_id, settled.map(toSave)));
      if (ties.length === 0) await advance(tx, page);
    });
  }
}

/**
 * Does not wait for the disk. Should the machine itself crash, the last pages and their cursor are
 * lost together and are fetched again.
 */
async function relaxCommit(tx: Context): Promise<void> {
  await sql`set local synchronous_commit = off`.execute(tx.db);
}

async function advance(tx: Context, page: StoredPage): Promise<void> {
  await advanceRange(tx, page.range_id, {
    cursor: page.cursor,
    reached_at: page.reached_at,
    objects: page.objects.length,
    done: page.done,
  });
}

async function storeObjects(tx: Context, run: SyncRun, page: StoredPage): Promise<Wanted[]> {
  const { resource, objects, carried } = page;
  if (objects.length === 0) return [];
  if (resource === 'events') {
    await storeEvents(
      tx,
      run,
      objects.map((sighting) => sighting.object),
    );
    return [];
  }
  const saves = [fetched(resource as Resource, objects)];
  if (carried) saves.push(fetched(carried.resource, await withVanished(tx, run, carried, objects)));
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

/** Before a run, changes may have happened that its first pages just missed; clocks may differ by some seconds. */
const OVERLAP_MS = 300_000;

/**
 * Events from before the run are kept for the record: every object is fetched after them. Newer
 * ones may tell of a change to an object that was already fetched, so they are to be applied.
 */
async function storeEvents(tx: Context, run: SyncRun, events: Json[]): Promise<void> {
  const before = run.started_at.getTime() - OVERLAP_MS;
  await recordEvents(tx, {
    source_id: run.source_id,
    events,
    origin: 'backfill',
    isProcessed: (event) => Number(event.created) * 1000 < before,
  });
  await markByEvents(tx, run.source_id, events);
}
