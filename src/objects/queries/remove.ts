import { sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';
import type { Resource } from '../definition.ts';
import { tableOf } from './rows.ts';

/** Deletes up to `limit` rows of a resource, or events, of a source for good. Answers how many; fewer means no more are left. */
export async function deleteRowsOf(
  tx: Context,
  source_id: number,
  what: Resource | 'events',
  limit: number,
): Promise<number> {
  const table = what === 'events' ? sql.table('stripe.events') : tableOf(what);
  const { rows } = await sql<{ n: number }>`
    with gone as (
      delete from ${table}
       where source_id = ${source_id} and id = any(array(
         select id from ${table} where source_id = ${source_id} limit ${limit}))
      returning 1)
    select count(*) as n from gone`.execute(tx.db);
  return rows[0]!.n;
}
