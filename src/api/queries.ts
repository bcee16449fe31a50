import { sql } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';

/** Throws when the database does not answer. */
export async function ping(ctx: Context): Promise<void> {
  await sql`select 1`.execute(ctx.db);
}

/** How many rows wait for each kind of work. */
export async function countBacklog(ctx: Context): Promise<{ kind: string; n: number }[]> {
  const { rows } = await sql<{ kind: string; n: number }>`
    select 'events' kind, count(*) n from stripe.events where processed_at is null
    union all select 'marks', count(*) from person_marks
    union all select 'mails', count(*) from outbox where state in ('waiting', 'leased', 'handing_over')
    union all select 'runs', count(*) from playbook_runs where due_at is not null`.execute(ctx.db);
  return rows;
}

/** Everybody who is in an audience now. */
export async function listMemberIds(ctx: Context, audience_id: number): Promise<number[]> {
  const { rows } = await sql<{ person_id: number }>`
    select person_id from audience_members
     where audience_id = ${audience_id} and left_at is null`.execute(ctx.db);
  return rows.map((row) => row.person_id);
}
