import { sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';
import type { EmailClass } from '../definition.ts';

export interface EmailRow {
  id: number;
  name: string;
  class: EmailClass;
  subject: string;
  source: string;
  html: string;
  plain: string;
  template_key: string | null;
  created_at: Date;
  updated_at: Date;
  archived_at: Date | null;
}

export interface EmailListRow {
  id: number;
  name: string;
  class: EmailClass;
  subject: string;
  template_key: string | null;
  created_at: Date;
  updated_at: Date;
  sent: number;
  waiting: number;
  kept: number;
}

export async function findEmails(ctx: Context, ids: number[]): Promise<EmailRow[]> {
  const { rows } = await sql<EmailRow>`select * from emails where id = any(${ids})`.execute(ctx.db);
  return rows;
}

/** All that are not archived, by name, with what became of their mail. */
export async function listEmails(ctx: Context): Promise<EmailListRow[]> {
  const { rows } = await sql<EmailListRow>`
    with mail as (
      select email_id,
             count(*) filter (where state = 'sent') as sent,
             count(*) filter (where state in ('waiting', 'leased', 'handing_over')) as waiting,
             count(*) filter (where state = 'kept') as kept
      from outbox
      group by email_id)
    select e.id, e.name, e.class, e.subject, e.template_key, e.created_at, e.updated_at,
           coalesce(m.sent, 0)::int as sent,
           coalesce(m.waiting, 0)::int as waiting,
           coalesce(m.kept, 0)::int as kept
    from emails e
    left join mail m on m.email_id = e.id
    where e.archived_at is null
    order by lower(e.name), e.id`.execute(ctx.db);
  return rows;
}

export type EmailValues = Omit<EmailRow, 'id' | 'created_at' | 'updated_at' | 'archived_at'>;

export async function insertEmail(ctx: Context, email: EmailValues, at: Date): Promise<EmailRow> {
  const { rows } = await sql<EmailRow>`
    insert into emails (name, class, subject, source, html, plain, template_key, created_at, updated_at)
    values (${email.name}, ${email.class}, ${email.subject}, ${email.source}, ${email.html},
            ${email.plain}, ${email.template_key}, ${at}, ${at})
    on conflict (template_key) do update
      set name = excluded.name, class = excluded.class, subject = excluded.subject,
          source = excluded.source, html = excluded.html, plain = excluded.plain,
          updated_at = excluded.updated_at
    returning *`.execute(ctx.db);
  return rows[0]!;
}

/** Null when there is no such e-mail. Its template key stays. */
export async function updateEmail(
  ctx: Context,
  id: number,
  email: EmailValues,
  at: Date,
): Promise<EmailRow | null> {
  const { rows } = await sql<EmailRow>`
    update emails
    set name = ${email.name}, class = ${email.class}, subject = ${email.subject},
        source = ${email.source}, html = ${email.html}, plain = ${email.plain}, updated_at = ${at}
    where id = ${id}
    returning *`.execute(ctx.db);
  return rows[0] ?? null;
}

/** The template key is given up, so that the template can be added anew. */
export async function archiveEmail(ctx: Context, id: number, at: Date): Promise<boolean> {
  const { rows } = await sql`
    update emails set archived_at = ${at}, template_key = null
    where id = ${id} and archived_at is null
    returning id`.execute(ctx.db);
  return rows.length > 0;
}
