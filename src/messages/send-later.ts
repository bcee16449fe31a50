import { AppError, hashId, notify } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { createEngines } from './liquid.ts';
import type { Engines } from './liquid.ts';
import { findEmails } from './queries/emails.ts';
import type { EmailRow } from './queries/emails.ts';
import { findQueuedIds, insertMail } from './queries/outbox.ts';
import type { NewMail } from './queries/outbox.ts';
import { findPersonFacts, getWorkspace } from './queries/people.ts';
import type { Workspace } from './queries/people.ts';
import { oneLine, parseEmail, renderEmail } from './render-email.ts';
import type { ParseOutcome } from './render-email.ts';
import { reportMail } from './report-mail.ts';
import { unsubscribeUrl } from './unsubscribe.ts';
import { buildVariables } from './variables.ts';
import type { ActivityFacts, PersonFacts } from './variables.ts';

export interface MailRequest {
  /** Deterministic, from what causes the mail. The same id again changes nothing. */
  id: string;
  email_id: number;
  person_id: number;
  run_id?: string | null;
  /** What `activity.*` means in the e-mail. */
  activity?: ActivityFacts | null;
}

export type MailRequestOutcome = 'queued' | 'already_queued' | 'no_email' | 'no_person';

/**
 * Puts mail into the outbox, filled in for each person as they are now, in the caller's transaction:
 * the mail exists exactly if what caused it does. Whether it may leave is decided when it is sent.
 * Answers what became of each request, by id.
 */
export async function sendAllLater(
  tx: Context,
  requests: readonly MailRequest[],
): Promise<Map<string, MailRequestOutcome>> {
  const outcomes = new Map<string, MailRequestOutcome>();
  const queued = await findQueuedIds(
    tx,
    requests.map((request) => request.id),
  );
  const fresh = requests.filter((request) => !queued.has(request.id));
  for (const id of queued) outcomes.set(id, 'already_queued');
  if (fresh.length === 0) return outcomes;
  const kitchen = await prepare(tx, fresh);
  const mail: NewMail[] = [];
  for (const request of fresh) {
    const made = makeMail(tx, kitchen, request);
    if (typeof made === 'string') outcomes.set(request.id, made);
    else mail.push(made);
  }
  const inserted = new Set(await insertMail(tx, mail));
  for (const { id } of mail) outcomes.set(id, inserted.has(id) ? 'queued' : 'already_queued');
  const failed = mail.filter(({ id, state }) => state === 'failed' && inserted.has(id));
  await reportMail(tx, failed, kitchen.emails);
  if (inserted.size > 0) await notify(tx, { topic: 'outbox' });
  return outcomes;
}

/** One mail; throws `not_found` when there is no such e-mail or person. Answers whether it is new. */
export async function sendLater(tx: Context, request: MailRequest): Promise<boolean> {
  const outcome = (await sendAllLater(tx, [request])).get(request.id);
  if (outcome === 'no_email') throw new AppError('not_found', 'There is no such e-mail.');
  if (outcome === 'no_person') throw new AppError('not_found', 'There is no such person.');
  return outcome === 'queued';
}

interface Kitchen {
  engines: Engines;
  emails: Map<number, EmailRow>;
  parsed: Map<number, ParseOutcome>;
  people: Map<number, PersonFacts>;
  workspace: Workspace;
  now: Date;
}

async function prepare(tx: Context, requests: readonly MailRequest[]): Promise<Kitchen> {
  const workspace = await getWorkspace(tx);
  const engines = createEngines(workspace.time_zone);
  const rows = await findEmails(tx, [...new Set(requests.map((request) => request.email_id))]);
  return {
    engines,
    emails: new Map(rows.map((row) => [row.id, row])),
    parsed: new Map(rows.map((row) => [row.id, parseEmail(engines, row)])),
    people: await findPersonFacts(tx, [...new Set(requests.map((request) => request.person_id))]),
    workspace,
    now: tx.clock.now(),
  };
}

function makeMail(
  ctx: Context,
  kitchen: Kitchen,
  request: MailRequest,
): NewMail | Extract<MailRequestOutcome, 'no_email' | 'no_person'> {
  const email = kitchen.emails.get(request.email_id);
  const parsed = kitchen.parsed.get(request.email_id);
  if (!email || !parsed) return 'no_email';
  const person = kitchen.people.get(request.person_id);
  if (!person) return 'no_person';
  const variables = buildVariables({
    person,
    activity: request.activity ?? null,
    workspace_name: kitchen.workspace.name,
    unsubscribe_url: unsubscribeUrl(ctx, person.person_id),
  });
  const rendered = parsed.ok ? renderEmail(kitchen.engines, parsed, variables) : parsed;
  return {
    id: request.id,
    person_id: person.person_id,
    email_id: email.id,
    class: email.class,
    run_id: request.run_id ?? null,
    to_address: person.email?.trim() ?? '',
    to_name: oneLine(person.name ?? ''),
    ...(rendered.ok
      ? { subject: rendered.subject, html: rendered.html, plain: rendered.plain }
      : { subject: oneLine(email.subject), html: '', plain: '' }),
    state: rendered.ok ? 'waiting' : 'failed',
    result_code: rendered.ok ? null : 'render_failed',
    result_detail: rendered.ok ? null : rendered.reason,
    message_id: `<${hashId('mail', request.id)}@${senderDomain(ctx.config.mail_from)}>`,
    created_at: kitchen.now,
    due_at: kitchen.now,
  };
}

function senderDomain(from: string): string {
  return /@([\w.-]+)/.exec(from)?.[1] ?? 'localhost';
}
