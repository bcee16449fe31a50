import { sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';
import type { Resource } from '../definition.ts';
import { tableOf } from './rows.ts';

export interface Unseen {
  id: string;
  version_at: Date;
}

/**
 * Living rows that were last seen, in whatever way, before an instant of our clock, in the order of
 * their ids after the given one.
 */
export async function listUnseen(
  ctx: Context,
  source_id: number,
  resource: Resource,
  page: { since: Date; after: string; limit: number },
): Promise<Unseen[]> {
  const { rows } = await sql<Unseen>`
    select id, version_at from ${tableOf(resource)}
     where source_id = ${source_id} and id > ${page.after} and deleted_at is null
       and synced_at < ${page.since} and (created_at is null or created_at < ${page.since})
     order by id limit ${page.limit}`.execute(ctx.db);
  return rows;
}
