import { setTimeout as delay } from 'node:timers/promises';
import { removeActivities } from '../activities/index.ts';
import { removeMembers } from '../audiences/index.ts';
import { forgetMailOf } from '../messages/index.ts';
import { rebuildLedger } from '../metrics/index.ts';
import { RESOURCES, deleteRowsOf } from '../objects/index.ts';
import { deleteKeysOf, deletePeople, listOwnersOf, markPeople } from '../people/index.ts';
import { inTransaction, lockInTransaction, notify } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { exitRunsOf, removeRuns } from '../playbooks/index.ts';
import {
  beginRemoval,
  finishRemoval,
  listOpenRemovals,
  readRemoval,
  saveRemoval,
  whileAtRest,
} from '../stripe/index.ts';
import type { Keep, SourceRemoval } from '../stripe/index.ts';

/*
 *   keep nothing:     people (with all that is theirs) ─▶ events ─▶ each resource ─▶ connection
 *   keep people:      people (their runs end, they are looked at again) ─▶ events ─▶ each resource ─▶ people again ─▶ connection
 *   keep everything:  connection
 *
 * Every batch is one transaction that also notes where to go on, so a killed process loses nothing.
 */

const PEOPLE = 500;
const ROWS = 5_000;
/** How long the one who asked waits; the rest goes in the background. */
const PATIENCE_MS = 20_000;

/** Removes a source and answers what is gone. `done` is false when there is more, which the worker goes on with. */
export async function removeSource(
  ctx: Context,
  id: number,
  keep: Keep,
): Promise<{ done: boolean; removed: Record<string, number> }> {
  await beginRemoval(ctx, id, keep);
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const worked = await continueRemoval(ctx, id, () => performance.now() > until);
    const { finished_at, removed } = await readRemoval(ctx, id);
    const done = finished_at !== null;
    if (done || performance.now() > until) return { done, removed };
    // Something still reads the source, or a worker removes it already.
    if (!worked) await delay(200);
  }
}

/** Goes on with every removal that is not through. Answers how many were brought forward. */
export async function continueRemovals(ctx: Context, signal: AbortSignal): Promise<number> {
  let worked = 0;
  for (const id of await listOpenRemovals(ctx)) {
    if (signal.aborted) break;
    if (await continueRemoval(ctx, id, () => signal.aborted)) worked += 1;
  }
  return worked;
}

async function continueRemoval(ctx: Context, id: number, stop: () => boolean): Promise<boolean> {
  const worked = await whileAtRest(ctx, id, async () => {
    while (!stop()) {
      const removal = await inTransaction(ctx, async (tx) => await removeBatch(tx, id));
      if (removal.finished_at !== null) return true;
    }
    return true;
  });
  return worked === true;
}

/** One batch of the step that is next. */
async function removeBatch(tx: Context, id: number): Promise<SourceRemoval> {
  const removal = await readRemoval(tx, id);
  if (removal.finished_at !== null) return removal;
  const [step = '', cursor = '0'] = removal.step.split('/');
  switch (step) {
    case 'begin':
      return await go(tx, removal, removal.keep === 'everything' ? 'connection' : 'people');
    case 'people':
      return await removePeopleBatch(tx, removal, Number(cursor));
    case 'marks':
      return await markBatch(tx, removal, Number(cursor));
    case 'connection':
      await finishRemoval(tx, removal);
      return await readRemoval(tx, id);
    default:
      return await removeRowsBatch(tx, removal, step);
  }
}

async function go(
  tx: Context,
  removal: SourceRemoval,
  step: string,
  gone: Record<string, number> = {},
): Promise<SourceRemoval> {
  const removed = { ...removal.removed };
  for (const [name, n] of Object.entries(gone)) if (n > 0) removed[name] = (removed[name] ?? 0) + n;
  const next = { ...removal, step, removed };
  await saveRemoval(tx, next);
  return next;
}

/** People with all that other rooms know of them; those with customers elsewhere only lose what came from here. */
async function removePeopleBatch(
  tx: Context,
  removal: SourceRemoval,
  after: number,
): Promise<SourceRemoval> {
  const { source_id, keep } = removal;
  // Nobody is rebuilt while they are being taken apart.
  await lockInTransaction(tx, 'look again');
  const page = await listOwnersOf(tx, source_id, { after, limit: PEOPLE });
  const { only_here, elsewhere_too, last } = page;
  const all = [...only_here, ...elsewhere_too];
  if (last === null) return await go(tx, removal, 'events');
  if (keep === 'people') {
    // What they wait for rests on facts that are about to go.
    const runs = await exitRunsOf(tx, only_here, 'source_removed');
    return await go(tx, removal, `people/${last}`, { runs_ended: runs });
  }
  const gone = {
    activities: await removeActivities(tx, source_id, {
      people: only_here,
      others: elsewhere_too,
    }),
    runs: await removeRuns(tx, only_here),
    mails: await forgetMailOf(tx, only_here),
    people: 0,
  };
  await removeMembers(tx, only_here);
  await deleteKeysOf(tx, source_id, all);
  // Without customers there is nothing to bill: their versions, movements and days go.
  await rebuildLedger(tx, only_here);
  gone.people = await deletePeople(tx, only_here);
  await markPeople(tx, elsewhere_too);
  for (const topic of ['people', 'metrics', 'marks', 'activities']) await notify(tx, { topic });
  return await go(tx, removal, `people/${last}`, gone);
}

const ORDER = ['events', ...RESOURCES] as const;

async function removeRowsBatch(
  tx: Context,
  removal: SourceRemoval,
  step: string,
): Promise<SourceRemoval> {
  const index = ORDER.findIndex((name) => name === step);
  const what = ORDER[index];
  if (what === undefined) throw new Error(`a removal stands at the unknown step ${step}`);
  const gone = await deleteRowsOf(tx, removal.source_id, what, ROWS);
  const after = removal.keep === 'people' ? 'marks' : 'connection';
  const next = gone < ROWS ? (ORDER[index + 1] ?? after) : step;
  return await go(tx, removal, next, { [what]: gone });
}

/** Lets the people who stay be looked at again, now that what was computed from the objects is no more. */
async function markBatch(
  tx: Context,
  removal: SourceRemoval,
  after: number,
): Promise<SourceRemoval> {
  const { only_here, elsewhere_too, last } = await listOwnersOf(tx, removal.source_id, {
    after,
    limit: ROWS,
  });
  if (last === null) return await go(tx, removal, 'connection');
  await markPeople(tx, [...only_here, ...elsewhere_too]);
  await notify(tx, { topic: 'marks' });
  return await go(tx, removal, `marks/${last}`);
}
