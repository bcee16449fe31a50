import { sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';

export interface Standing {
  consent: 'subscribed' | 'unsubscribed' | null;
  suppressed: boolean;
}

/**
 * What stands between a person and a mail, right now. A person's last word counts, also one given
 * as a person who has been merged into them since.
 */
export async function getStanding(
  ctx: Context,
  person_id: number,
  address: string,
): Promise<Standing> {
  const { rows } = await sql<Standing>`
    with survivor as (
      select coalesce(merged_into, person_id) as id from people where person_id = ${person_id}),
    same as (
      select id from survivor
      union all
      select p.person_id from survivor join people p on p.merged_into = survivor.id
      union all
      select ${person_id}::int)
    select (select state from consents
            where topic = 'all' and person_id in (select id from same)
            order by at desc, state desc
            limit 1) as consent,
           exists (select from suppressions where address = ${address.toLowerCase()}) as suppressed`.execute(
    ctx.db,
  );
  return rows[0]!;
}

export async function upsertConsent(
  tx: Context,
  consent: { person_id: number; state: 'subscribed' | 'unsubscribed'; how: string; at: Date },
): Promise<void> {
  const { person_id, state, how, at } = consent;
  await sql`
    insert into consents (person_id, topic, state, how, at)
    values (${person_id}, 'all', ${state}, ${how}, ${at})
    on conflict (person_id, topic) do update set state = excluded.state, how = excluded.how, at = excluded.at
    where consents.state <> excluded.state`.execute(tx.db);
}

export type SuppressionReason = 'bounced' | 'complained' | 'manual';

export interface Suppression {
  address: string;
  reason: SuppressionReason;
  at: Date;
}

export async function insertSuppression(tx: Context, suppression: Suppression): Promise<void> {
  const { address, reason, at } = suppression;
  await sql`
    insert into suppressions (address, reason, at) values (${address.toLowerCase()}, ${reason}, ${at})
    on conflict (address) do nothing`.execute(tx.db);
}

export async function deleteSuppression(tx: Context, address: string): Promise<boolean> {
  const { rows } = await sql`
    delete from suppressions where address = ${address.toLowerCase()} returning address`.execute(
    tx.db,
  );
  return rows.length > 0;
}

export async function listSuppressions(ctx: Context): Promise<Suppression[]> {
  const { rows } = await sql<Suppression>`
    select address, reason, at from suppressions order by at desc, address limit 1000`.execute(
    ctx.db,
  );
  return rows;
}
