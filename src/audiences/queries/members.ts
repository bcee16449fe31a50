import { sql } from '../../platform/index.ts';
import type { Context, RawBuilder } from '../../platform/index.ts';
import type { Answer } from '../compile/compile-tree.ts';

export interface Change {
  audience_id: number;
  person_id: number;
  change: 'entered' | 'left';
}

export type AudienceAnswer = Answer & { audience_id: number };

/**
 * Brings intervals and instants in line with the answers, for all these audiences in one statement.
 * `people` are those who were asked, or null when everybody was. Who is not among the answers does
 * not match and waits for nothing.
 *
 * Intervals never overlap: none begins before the last one of the same person ended, and coming
 * back at the very instant of leaving reopens the interval instead of starting one with the same key.
 */
export async function applyAnswers(
  tx: Context,
  answers: RawBuilder<AudienceAnswer>,
  asked: { audiences: readonly number[]; people: readonly number[] | null },
): Promise<Change[]> {
  const now = sql`${tx.clock.now()}::timestamptz`;
  const people = asked.people === null ? sql`` : sql` and person_id = any(${asked.people}::int[])`;
  const scope = sql`audience_id = any(${asked.audiences}::int[])${people}`;
  const { rows } = await sql<Change>`
    with answer as materialized (${answers}),
    present as materialized (
      select audience_id, person_id from audience_members where ${scope} and left_at is null),
    leaving as materialized (
      select audience_id, person_id from present
      except select audience_id, person_id from answer where matches),
    entering as materialized (
      select audience_id, person_id from answer where matches
      except select audience_id, person_id from present),
    closed as (
      update audience_members m set left_at = greatest(${now}, m.entered_at)
        from leaving l
       where m.person_id = l.person_id and m.audience_id = l.audience_id and m.left_at is null
      returning m.audience_id, m.person_id),
    opened as (
      insert into audience_members (audience_id, person_id, entered_at)
      select e.audience_id, e.person_id,
             greatest(${now}, (select max(m.left_at) from audience_members m
                                where m.audience_id = e.audience_id and m.person_id = e.person_id))
        from entering e
      on conflict (person_id, audience_id, entered_at) do update set left_at = null
      returning audience_id, person_id),
    settled as (
      delete from audience_instants i
       where ${scope}
         and not exists (select from answer a where a.audience_id = i.audience_id
                            and a.person_id = i.person_id and a.next_change_at is not null)),
    awaited as (
      insert into audience_instants as i (audience_id, person_id, due_at)
      select audience_id, person_id, next_change_at from answer where next_change_at is not null
       order by audience_id, person_id
      on conflict (audience_id, person_id) do update set due_at = excluded.due_at
       where i.due_at <> excluded.due_at)
    select audience_id, person_id, 'entered' as change from opened
    union all
    select audience_id, person_id, 'left' from closed`.execute(tx.db);
  return rows;
}

export interface MemberRow {
  person_id: number;
  email: string | null;
  name: string | null;
  subscription_status: string | null;
  plan: string | null;
  currency: string | null;
  mrr_minor: number | null;
  entered_at: Date;
}

/** Members newest first, after the given position. */
export async function selectMembers(
  ctx: Context,
  audienceId: number,
  page: { limit: number; after: { entered_at: Date; person_id: number } | null },
): Promise<MemberRow[]> {
  const after = page.after
    ? sql` and (m.entered_at, m.person_id) < (${page.after.entered_at}::timestamptz, ${page.after.person_id}::int)`
    : sql``;
  const { rows } = await sql<MemberRow>`
    select m.person_id, p.email, p.name, s.subscription_status, s.plan, s.currency, s.mrr_minor, m.entered_at
      from audience_members m
      join people p on p.person_id = m.person_id
      left join person_state s on s.person_id = m.person_id
     where m.audience_id = ${audienceId} and m.left_at is null${after}
     order by m.entered_at desc, m.person_id desc limit ${page.limit}`.execute(ctx.db);
  return rows;
}

export async function countMembers(ctx: Context, audienceId: number): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from audience_members where audience_id = ${audienceId} and left_at is null`.execute(
    ctx.db,
  );
  return rows[0]!.n;
}

export interface PersonAudience {
  audience_id: number;
  name: string;
  entered_at: Date;
  left_at: Date | null;
}

/** The live audiences a person is in or was in, latest interval of each, present ones first. */
export async function selectPersonAudiences(
  ctx: Context,
  personId: number,
): Promise<PersonAudience[]> {
  const { rows } = await sql<PersonAudience>`
    select * from (
      select distinct on (m.audience_id) m.audience_id, a.name, m.entered_at, m.left_at
        from audience_members m join audiences a on a.id = m.audience_id
       where m.person_id = ${personId} and a.state = 'live'
       order by m.audience_id, m.entered_at desc) latest
     order by left_at is not null, entered_at desc, audience_id`.execute(ctx.db);
  return rows;
}

/** Since when a person is in an audience, or null. */
export async function selectMemberSince(
  ctx: Context,
  audienceId: number,
  personId: number,
): Promise<Date | null> {
  const { rows } = await sql<{ entered_at: Date }>`
    select entered_at from audience_members
     where person_id = ${personId} and audience_id = ${audienceId} and left_at is null`.execute(
    ctx.db,
  );
  return rows[0]?.entered_at ?? null;
}

/** Takes away instants that are due and answers whom they are about. Rows another process holds are left to it. */
export async function takeDueInstants(tx: Context, limit: number): Promise<number[]> {
  const { rows } = await sql<{ person_id: number }>`
    delete from audience_instants i using (
      select audience_id, person_id from audience_instants
       where due_at <= ${tx.clock.now()} order by due_at limit ${limit} for update skip locked) due
     where i.audience_id = due.audience_id and i.person_id = due.person_id
    returning i.person_id`.execute(tx.db);
  return rows.map((row) => row.person_id);
}
