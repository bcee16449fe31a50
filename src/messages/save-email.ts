import { AppError } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { compileEmail } from './compile-email.ts';
import type { EmailDraft, Problem } from './definition.ts';
import { createEngines } from './liquid.ts';
import { archiveEmail, findEmails, insertEmail, updateEmail } from './queries/emails.ts';
import type { EmailRow } from './queries/emails.ts';
import { getWorkspace } from './queries/people.ts';

export type SaveEmailOutcome = { ok: true; email: EmailRow } | { ok: false; problems: Problem[] };

/**
 * Checks, compiles and stores an e-mail: source, html and plain text. With `id` it replaces that
 * one (throws `not_found` when there is none); with only a `template_key` that is in use, the one
 * that has it. Mail already in the outbox stays as it was.
 */
export async function saveEmail(
  ctx: Context,
  draft: EmailDraft & { template_key?: string | null },
): Promise<SaveEmailOutcome> {
  const { id, template_key = null, ...written } = draft;
  const { time_zone } = await getWorkspace(ctx);
  const compiled = await compileEmail(createEngines(time_zone), written);
  if (!compiled.ok) return compiled;
  const { html, plain } = compiled;
  const values = { ...written, html, plain, template_key };
  const now = ctx.clock.now();
  if (id === undefined) return { ok: true, email: await insertEmail(ctx, values, now) };
  const email = await updateEmail(ctx, id, values, now);
  if (!email) throw noSuchEmail();
  return { ok: true, email };
}

export async function getEmail(ctx: Context, id: number): Promise<EmailRow> {
  const [email] = await findEmails(ctx, [id]);
  if (!email) throw noSuchEmail();
  return email;
}

/** Takes an e-mail out of the lists. Playbooks that use it still send it, and its mail stays on record. */
export async function removeEmail(ctx: Context, id: number): Promise<void> {
  if (!(await archiveEmail(ctx, id, ctx.clock.now()))) throw noSuchEmail();
}

function noSuchEmail(): AppError {
  return new AppError('not_found', 'There is no such e-mail. It may have been removed.');
}
