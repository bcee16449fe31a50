import { inTransaction, newId, notify, withExclusive } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { decideAfterAttempt, decideDelivery } from './decide-delivery.ts';
import type { Mail, Mailer } from './mailer.ts';
import { getStanding } from './queries/consents.ts';
import { findEmails } from './queries/emails.ts';
import {
  beginHandover,
  finishLease,
  freeOrphans,
  leaseMail,
  releaseLease,
} from './queries/outbox.ts';
import type { MailOutcome, OutboxRow } from './queries/outbox.ts';
import { reportMail } from './report-mail.ts';
import { unsubscribeUrl } from './unsubscribe.ts';

const BATCH = 50;
const LANES = 5; // as many as the mailer keeps connections
// Longer than a mail server is given to answer, so that nobody takes a mail that is still under way.
const LEASE_MS = 10 * 60_000;

/**
 * Sends what is due and answers how many mails it dealt with. Safe to run in many processes and to
 * kill at any moment:
 *
 *   waiting ── lease ──▶ leased ── on record ──▶ handing_over ── answer ──▶ sent | waiting | failed
 *                          └── may not leave ──▶ kept | suppressed | failed
 *
 * A worker that dies before `handing_over` has sent nothing, and its mail is freed soon; one that dies after the answer was
 * recorded has finished. In between, while the mail server has the line, nobody can know whether it
 * took the mail (SMTP has no second question), so the lease runs out and the mail goes once more,
 * under the same Message-ID and counted in `uncertain_handovers`. Without a mailer mail is kept, and
 * stays kept: news of last month must not leave on the day a mail server is first set.
 */
export async function sendDueMail(
  ctx: Context,
  mailer: Mailer | null,
  signal: AbortSignal,
): Promise<number> {
  const now = ctx.clock.now();
  const name = newId('lease');
  const until = new Date(now.getTime() + LEASE_MS);
  const batch = await leaseMail(ctx, { name, now, until, limit: BATCH });
  if (batch.length === 0) return 0;
  const emails = await findEmails(ctx, [...new Set(batch.map((mail) => mail.email_id))]);
  const names = new Map(emails.map((email) => [email.id, email]));
  // Held as long as this process works on them: the sign by which others know that it lives.
  await withExclusive(
    ctx,
    name,
    async () => await sendBatch(ctx, mailer, { name, batch, names, signal }),
  );
  return batch.length;
}

interface Batch {
  name: string;
  batch: OutboxRow[];
  names: Map<number, { name: string }>;
  signal: AbortSignal;
}

async function sendBatch(
  ctx: Context,
  mailer: Mailer | null,
  { name, batch, names, signal }: Batch,
): Promise<void> {
  const queue = batch.values();
  const work = async (): Promise<void> => {
    for (const mail of queue) {
      if (signal.aborted) return;
      const outcome = await sendOne(ctx, mailer, mail);
      if (outcome !== null) await record(ctx, mail, outcome, names);
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: LANES }, work));
  await releaseLease(ctx, name, ctx.clock.now());
  const broken = lanes.find((lane) => lane.status === 'rejected');
  if (broken) throw broken.reason;
}

/**
 * Lets mail go on whose worker died before it began to hand it over, rather than when its lease runs
 * out. Mail that was being handed over waits for that, since the mail server may still have it.
 */
export async function freeOrphanedMail(ctx: Context): Promise<number> {
  const freed = await freeOrphans(ctx, ctx.clock.now());
  if (freed > 0) await notify(ctx, { topic: 'outbox' });
  return freed;
}

/** Null when someone else took the mail over meanwhile. */
async function sendOne(
  ctx: Context,
  mailer: Mailer | null,
  mail: OutboxRow,
): Promise<MailOutcome | null> {
  const standing = await getStanding(ctx, mail.person_id, mail.to_address);
  const decision = decideDelivery({ ...mail, ...standing, has_mailer: mailer !== null });
  const now = ctx.clock.now();
  if (decision.action === 'refuse') {
    const { state, code } = decision;
    return { state, result_code: code, result_detail: null, due_at: now, sent_at: null };
  }
  const until = new Date(now.getTime() + LEASE_MS);
  if (mailer === null || !(await beginHandover(ctx, mail, until))) return null;
  const result = await mailer.send(toMail(ctx, mail));
  const after = decideAfterAttempt(result, mail.attempts + 1);
  const then = ctx.clock.now();
  return {
    state: after.state,
    result_code: result.code,
    result_detail: result.detail,
    due_at: after.state === 'waiting' ? new Date(then.getTime() + after.pause_ms) : then,
    sent_at: after.state === 'sent' ? then : null,
  };
}

function toMail(ctx: Context, mail: OutboxRow): Mail {
  return {
    from: ctx.config.mail_from,
    to: { name: mail.to_name, address: mail.to_address },
    subject: mail.subject,
    html: mail.html,
    plain: mail.plain,
    message_id: mail.message_id,
    headers: mail.class === 'marketing' ? unsubscribeHeaders(ctx, mail.person_id) : {},
  };
}

/** RFC 8058: a mail program may unsubscribe with one POST, without opening the page. */
function unsubscribeHeaders(ctx: Context, person_id: number): Record<string, string> {
  return {
    'List-Unsubscribe': `<${unsubscribeUrl(ctx, person_id)}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  };
}

async function record(
  ctx: Context,
  mail: OutboxRow,
  outcome: MailOutcome,
  emails: Map<number, { name: string }>,
): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    if (!(await finishLease(tx, mail, outcome))) {
      const told = { outbox_id: mail.id, state: outcome.state };
      ctx.log.warn(told, 'a mail was taken over while it was being sent');
      return;
    }
    await reportMail(tx, [{ ...mail, ...outcome }], emails);
    await notify(tx, { topic: 'outbox' });
  });
}
