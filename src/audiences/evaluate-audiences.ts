import { notify } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { compileAnswers } from './compile/compile-tree.ts';
import { selectBuiltAudiences } from './queries/audiences.ts';
import { lockForEvaluation } from './queries/locks.ts';
import { applyAnswers } from './queries/members.ts';
import type { Change } from './queries/members.ts';

export interface MembershipChange extends Change {
  audience_id: number;
}

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
  const changes: MembershipChange[] = [];
  for (const audience of await selectBuiltAudiences(tx)) {
    const answers = compileAnswers(audience.definition, {
      now: tx.clock.now(),
      people: personIds,
    });
    const changed = await applyAnswers(tx, audience.id, answers, personIds);
    for (const change of changed) changes.push({ audience_id: audience.id, ...change });
  }
  if (changes.length > 0) await notify(tx, { topic: 'audiences' });
  return changes;
}
