import { notify, sql } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { compileManyAnswers } from './compile/compile-tree.ts';
import { selectBuiltAudiences } from './queries/audiences.ts';
import type { AudienceRow } from './queries/audiences.ts';
import { lockForEvaluation } from './queries/locks.ts';
import { applyAnswers } from './queries/members.ts';
import type { Change } from './queries/members.ts';

export type MembershipChange = Change;

/** A statement has at most 65,535 parameters; this many audiences of ordinary size stay far below. */
const AUDIENCES_AT_ONCE = 50;

/**
 * Asks every live audience about these people again and keeps intervals and instants, in the
 * transaction that changed the people. Doing it twice changes nothing. The same person must not be
 * evaluated in two transactions at once; the worker sees to that. An audience that is not built yet
 * is left to its build, which waits for this transaction.
 */
export async function evaluateAudiences(
  tx: Context,
  personIds: readonly number[],
): Promise<MembershipChange[]> {
  if (personIds.length === 0) return [];
  await lockForEvaluation(tx);
  const audiences = await selectBuiltAudiences(tx);
  const changes: MembershipChange[] = [];
  for (let from = 0; from < audiences.length; from += AUDIENCES_AT_ONCE) {
    changes.push(
      ...(await evaluate(tx, audiences.slice(from, from + AUDIENCES_AT_ONCE), personIds)),
    );
  }
  if (changes.length > 0) await notify(tx, { topic: 'audiences' });
  return changes;
}

async function evaluate(
  tx: Context,
  audiences: AudienceRow[],
  people: readonly number[],
): Promise<MembershipChange[]> {
  const ids = audiences.map((audience) => audience.id);
  const given = compileManyAnswers(
    audiences.map((audience) => audience.definition),
    { now: tx.clock.now(), people },
  );
  // Materialized, or the conditions would be computed again for every position that is read.
  return await applyAnswers(
    tx,
    sql`with given as materialized (${given})
        select a.id as audience_id, given.person_id, given.matches[a.n] as matches,
               given.next_change_at[a.n] as next_change_at
          from given cross join unnest(${ids}::int[]) with ordinality a(id, n)`,
    { audiences: ids, people },
  );
}
