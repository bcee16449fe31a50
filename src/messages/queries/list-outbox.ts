import { AppError, sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';
import type { OutboxState } from '../definition.ts';
import type { OutboxRow } from './outbox.ts';

/** A mail as lists show it: without its body, with the names of what it belongs to. */
export interface OutboxListRow extends Omit<OutboxRow, 'html' | 'plain' | 'lease'> {
  email_name: string;
  person_name: string | null;
  person_email: string | null;
}

export interface OutboxPage {
  rows: OutboxListRow[];
  /** Pass it back to get the next page; null on the last one. */
  next: { created_at: Date; id: string } | null;
}

export interface OutboxFilter {
  person_id?: number;
  email_id?: number;
  run_id?: string;
  states?: OutboxState[];
  before?: { created_at: Date; id: string };
  limit?: number;
}

/** Newest first. */
export async function listOutbox(ctx: Context, filter: OutboxFilter = {}): Promise<OutboxPage> {
  const limit = Math.min(filter.limit ?? 50, 500);
  const before = filter.before;
  const { rows } = await sql<OutboxListRow>`
    select o.id, o.person_id, o.email_id, o.class, o.run_id, o.to_address, o.to_name, o.subject, o.state,
           o.result_code, o.result_detail, o.attempts, o.uncertain_handovers, o.message_id,
           o.created_at, o.due_at, o.sent_at, e.name as email_name, p.name as person_name, p.email as person_email
    from outbox o
    join emails e on e.id = o.email_id
    left join people p on p.person_id = o.person_id
    where (${filter.person_id ?? null}::int is null or o.person_id = ${filter.person_id ?? null})
      and (${filter.email_id ?? null}::int is null or o.email_id = ${filter.email_id ?? null})
      and (${filter.run_id ?? null}::text is null or o.run_id = ${filter.run_id ?? null})
      and (${filter.states ?? null}::text[] is null or o.state = any(${filter.states ?? null}))
      and (${before?.created_at ?? null}::timestamptz is null
           or (o.created_at, o.id) < (${before?.created_at ?? null}, ${before?.id ?? null}))
    order by o.created_at desc, o.id desc
    limit ${limit + 1}`.execute(ctx.db);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const more = rows.length > limit && last;
  return { rows: page, next: more ? { created_at: last.created_at, id: last.id } : null };
}

export type OutboxMail = Omit<OutboxRow, 'lease'> & { email_name: string };

/** One mail with its body, as it left or would have left. Throws `not_found`. */
export async function getOutboxMail(ctx: Context, id: string): Promise<OutboxMail> {
  const { rows } = await sql<OutboxMail & { lease?: unknown }>`
    select o.*, e.name as email_name
    from outbox o join emails e on e.id = o.email_id
    where o.id = ${id}`.execute(ctx.db);
  const row = rows[0];
  if (!row) throw new AppError('not_found', 'There is no such mail in the outbox.');
  const { lease: _, ...mail } = row;
  return mail;
}

/** How many mails stand in each state; states without any are 0. */
export async function countOutbox(ctx: Context): Promise<Record<OutboxState, number>> {
  const { rows } = await sql<{ state: OutboxState; n: number }>`
    select state, count(*) as n from outbox group by state`.execute(ctx.db);
  const counts = {
    waiting: 0,
    leased: 0,
    handing_over: 0,
    sent: 0,
    kept: 0,
    suppressed: 0,
    failed: 0,
  };
  for (const { state, n } of rows) counts[state] = n;
  return counts;
}
