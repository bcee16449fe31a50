import { sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';
import type { ActivityFacts, PersonFacts } from '../variables.ts';

/** Everything this room reads about people and about the installation; it writes none of it. */

/** A person who was merged is followed to the one they turned out to be. Keys are the ids asked for. */
export async function findPersonFacts(
  ctx: Context,
  person_ids: number[],
): Promise<Map<number, PersonFacts>> {
  const { rows } = await sql<PersonFacts & { asked_id: number }>`
    select asked.person_id as asked_id, p.person_id, p.email, p.name, p.country, p.created_at,
           s.subscription_status, s.plan, s.currency, s.mrr_minor, s.lifetime_paid_minor,
           s.trial_ends_at, s.renews_at, s.first_paid_at, s.last_paid_at
    from people asked
    join people p on p.person_id = coalesce(asked.merged_into, asked.person_id)
    left join person_state s on s.person_id = p.person_id
    where asked.person_id = any(${person_ids})`.execute(ctx.db);
  return new Map(rows.map(({ asked_id, ...facts }) => [asked_id, facts]));
}

export interface Workspace {
  name: string;
  time_zone: string;
}

export async function getWorkspace(ctx: Context): Promise<Workspace> {
  const { rows } = await sql<{ key: string; value: unknown }>`
    select key, value from settings where key in ('workspace_name', 'time_zone')`.execute(ctx.db);
  const values = new Map(rows.map(({ key, value }) => [key, value]));
  const read = (key: string, fallback: string): string => {
    const value = values.get(key);
    return typeof value === 'string' && value !== '' ? value : fallback;
  };
  return { name: read('workspace_name', 'Headwater'), time_zone: read('time_zone', 'UTC') };
}

/** The person's latest activity, of this type if one is named. */
export async function findLatestActivity(
  ctx: Context,
  person_id: number,
  type: string | null,
): Promise<ActivityFacts | null> {
  const { rows } = await sql<Omit<ActivityFacts, 'occurred_at'> & { occurred_at: Date }>`
    select t.name, a.occurred_at, a.amount_minor, a.currency, coalesce(p.attributes, '{}') as attributes
    from activities a
    join activity_types t on t.id = a.type
    left join activity_payloads p on p.person_id = a.person_id and p.id = a.id
    where a.person_id = ${person_id} and (${type}::text is null or t.name = ${type})
    order by a.occurred_at desc, a.id desc
    limit 1`.execute(ctx.db);
  const row = rows[0];
  return row ? { ...row, occurred_at: row.occurred_at.toISOString() } : null;
}
