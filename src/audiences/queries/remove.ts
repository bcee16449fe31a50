import { sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';

/** Deletes these people from all audiences, past and present, and what waits for them. */
export async function removeMembers(tx: Context, person_ids: readonly number[]): Promise<void> {
  const ids = sql`any(${person_ids}::int[])`;
  await sql`delete from audience_members where person_id = ${ids}`.execute(tx.db);
  await sql`delete from audience_instants where person_id = ${ids}`.execute(tx.db);
}
