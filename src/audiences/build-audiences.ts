import { inTransaction, notify, sql } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { compileAnswers } from './compile/compile-tree.ts';
import { markBuilt, selectAudience, selectUnbuiltIds } from './queries/audiences.ts';
import { lockForBuild } from './queries/locks.ts';
import { applyAnswers } from './queries/members.ts';

/**
 * Evaluates everybody for each new or changed audience, set-based, one transaction an audience.
 * Returns how many audiences were built.
 */
export async function buildAudiences(ctx: Context): Promise<number> {
  let built = 0;
  for (const id of await selectUnbuiltIds(ctx)) if (await buildAudience(ctx, id)) built += 1;
  return built;
}

async function buildAudience(ctx: Context, id: number): Promise<boolean> {
  return await inTransaction(ctx, async (tx) => {
    await lockForBuild(tx, id);
    // Looked at again under the lock: another process may have built, changed or removed it meanwhile.
    const audience = await selectAudience(tx, id);
    if (!audience || audience.state !== 'live' || audience.built_at) return false;
    const answers = compileAnswers(audience.definition, {
      now: tx.clock.now(),
      people: 'everybody',
    });
    await applyAnswers(tx, sql`select ${id}::int as audience_id, a.* from (${answers}) a`, {
      audiences: [id],
      people: null,
    });
    await markBuilt(tx, id);
    await notify(tx, { topic: 'audiences' });
    return true;
  });
}
