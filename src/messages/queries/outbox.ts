import { isHeld, sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';
import type { EmailClass, OutboxState, ResultCode } from '../definition.ts';

export interface OutboxRow {
  id: string;
  person_id: number;
  email_id: number;
  class: EmailClass;
  run_id: string | null;
  to_address: string;
  to_name: string;
  subject: string;
  html: string;
  plain: string;
  state: OutboxState;
  result_code: ResultCode | null;
  result_detail: string | null;
  attempts: number;
  /** How often a worker died while the mail server had the mail, so that it may have arrived more than once. */
  uncertain_handovers: number;
  message_id: string;
  created_at: Date;
  due_at: Date;
  lease: string | null;
  sent_at: Date | null;
}

export type NewMail = Omit<OutboxRow, 'attempts' | 'uncertain_handovers' | 'lease' | 'sent_at'>;

/** Rows that exist already stay as they are. Returns the ids that are new. */
export async function insertMail(tx: Context, mail: NewMail[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    insert into outbox (id, person_id, email_id, class, run_id, to_address, to_name, subject, html, plain,
                        state, result_code, result_detail, message_id, created_at, due_at)
    select id, person_id, email_id, class, run_id, to_address, to_name, subject, html, plain,
           state, result_code, result_detail, message_id, created_at, due_at
    from jsonb_to_recordset(${JSON.stringify(mail)}::jsonb) as m (
      id text, person_id int, email_id int, class text, run_id text, to_address text, to_name text,
      subject text, html text, plain text, state text, result_code text, result_detail text,
      message_id text, created_at timestamptz, due_at timestamptz)
    on conflict (id) do nothing
    returning id`.execute(tx.db);
  return rows.map((row) => row.id);
}

export async function findQueuedIds(ctx: Context, ids: string[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`select id from outbox where id = any(${ids})`.execute(
    ctx.db,
  );
  return new Set(rows.map((row) => row.id));
}

/**
 * Takes mail that is due, or whose lease ran out, for this lease alone. One that was being handed
 * over when its worker died is counted as uncertain.
 */
export async function leaseMail(
  ctx: Context,
  lease: { name: string; now: Date; until: Date; limit: number },
): Promise<OutboxRow[]> {
  const { rows } = await sql<OutboxRow>`
    with due as (
      select id, state from outbox
      where state in ('waiting', 'leased', 'handing_over') and due_at <= ${lease.now}
      order by due_at
      limit ${lease.limit}
      for update skip locked)
    update outbox o
    set state = 'leased', lease = ${lease.name}, due_at = ${lease.until},
        uncertain_handovers = o.uncertain_handovers + (due.state = 'handing_over')::int
    from due
    where o.id = due.id
    returning o.*`.execute(ctx.db);
  return rows;
}

/** Puts on record, before a byte leaves, that the mail server gets the mail. False when the lease was lost. */
export async function beginHandover(ctx: Context, mail: OutboxRow, until: Date): Promise<boolean> {
  const { rows } = await sql`
    update outbox set state = 'handing_over', attempts = attempts + 1, due_at = ${until}
    where id = ${mail.id} and lease = ${mail.lease} and state = 'leased'
    returning id`.execute(ctx.db);
  return rows.length > 0;
}

export interface MailOutcome {
  state: 'waiting' | 'sent' | 'kept' | 'suppressed' | 'failed';
  result_code: ResultCode;
  result_detail: string | null;
  due_at: Date;
  sent_at: Date | null;
}

/** False when the lease was lost: someone else holds the mail by now and will say what became of it. */
export async function finishLease(
  tx: Context,
  mail: OutboxRow,
  outcome: MailOutcome,
): Promise<boolean> {
  const { rows } = await sql`
    update outbox
    set state = ${outcome.state}, result_code = ${outcome.result_code},
        result_detail = ${outcome.result_detail}, due_at = ${outcome.due_at},
        sent_at = ${outcome.sent_at}, lease = null
    where id = ${mail.id} and lease = ${mail.lease}
    returning id`.execute(tx.db);
  return rows.length > 0;
}

/**
 * Gives back what was taken by workers that are no more. Nothing of it has left, and should one of
 * them live after all (its connection broke), it finds its lease gone before it begins. What was
 * being handed over is not touched. Answers how many.
 */
export async function freeOrphans(ctx: Context, now: Date): Promise<number> {
  const { rows } = await sql`
    with orphans as (
      select id from outbox
       where state = 'leased' and not ${isHeld(sql`lease`)} order by id for update skip locked)
    update outbox o set state = 'waiting', lease = null, due_at = ${now}
      from orphans where o.id = orphans.id
    returning o.id`.execute(ctx.db);
  return rows.length;
}

/** Gives back what was taken but not begun, at once rather than when the lease runs out. */
export async function releaseLease(ctx: Context, lease: string, now: Date): Promise<void> {
  await sql`
    update outbox set state = 'waiting', lease = null, due_at = ${now}
    where lease = ${lease} and state = 'leased'`.execute(ctx.db);
}
