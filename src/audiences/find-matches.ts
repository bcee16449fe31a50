import type { Context } from '../platform/index.ts';
import { compileAnswers } from './compile/compile-tree.ts';
import type { Definition } from './definition.ts';

/** Which of these people a definition holds for now: for branches of a playbook and filters that no audience keeps. */
export async function findMatches(
  ctx: Context,
  definition: Definition,
  personIds: readonly number[],
): Promise<Set<number>> {
  if (personIds.length === 0) return new Set();
  const options = { now: ctx.clock.now(), people: personIds };
  const { rows } = await compileAnswers(definition, options).execute(ctx.db);
  return new Set(rows.filter((row) => row.matches).map((row) => row.person_id));
}
