import { sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';

/**
 * Deletes the mail of these people, sent or waiting, and what they said about it. Whoever had
 * unsubscribed gets nothing ever again: their address is suppressed, since they may come back as
 * somebody new. Answers how many mails went.
 */
export async function forgetMailOf(tx: Context, person_ids: readonly number[]): Promise<number> {
  const ids = sql`any(${person_ids}::int[])`;
  await sql`
    insert into suppressions (address, reason, at)
    select distinct lower(p.email), 'manual', ${tx.clock.now()}::timestamptz
      from consents c
      join people gone on gone.person_id = c.person_id
      join people p on p.person_id = coalesce(gone.merged_into, gone.person_id)
     where c.person_id = ${ids} and c.state = 'unsubscribed' and p.email <> ''
    on conflict (address) do nothing`.execute(tx.db);
  await sql`delete from consents where person_id = ${ids}`.execute(tx.db);
  const { rows } = await sql<{ n: number }>`
    with gone as (delete from outbox where person_id = ${ids} returning 1)
    select count(*) as n from gone`.execute(tx.db);
  return rows[0]!.n;
}
