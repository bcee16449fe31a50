import { hashId, inTransaction, lockInTransaction, notify } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { findEntries, insertRuns, listOpenPlaybooks, moveMergedRuns } from './queries/entries.ts';
import type { EntryRow, NewRun, OpenPlaybook } from './queries/entries.ts';

/**
 * Lets those of these people in who did, since a playbook went live, what it waits for. Calling it
 * again changes nothing. Nothing that happened before going live lets anyone in, whenever it becomes
 * known. Answers how many runs are new.
 */
export async function enterPlaybooks(ctx: Context, person_ids: number[]): Promise<number> {
  if (person_ids.length === 0) return 0;
  return await inTransaction(ctx, async (tx) => {
    const open = await listOpenPlaybooks(tx);
    // Two at once could each find that a person was never here.
    await lockInTransaction(tx, 'enter playbooks');
    await moveMergedRuns(tx, person_ids);
    let entered = 0;
    for (const playbook of open) entered += await enter(tx, playbook, person_ids);
    if (entered > 0) await notify(tx, { topic: 'runs' });
    return entered;
  });
}

async function enter(tx: Context, playbook: OpenPlaybook, person_ids: number[]): Promise<number> {
  const { entry } = playbook.definition;
  const found = await findEntries(tx, entry, playbook.live_since, person_ids);
  if (found.length === 0) return 0;
  const once = entry.first_only;
  const runs = found.map((row) => makeRun(tx, playbook, row));
  return await insertRuns(tx, { id: playbook.id, version: playbook.version, once }, runs);
}

/**
 * The id comes from the playbook and the activity alone: an activity belongs to one person, and
 * stays the same one when that person is merged into another.
 */
function makeRun(tx: Context, playbook: OpenPlaybook, row: EntryRow): NewRun {
  const { person_id, ...entry } = row;
  return {
    id: hashId('run', playbook.id, entry.activity_id),
    person_id,
    entered_at: tx.clock.now(),
    context: { entry },
  };
}
