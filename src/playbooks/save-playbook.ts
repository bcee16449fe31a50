import { ACTIVITY_TYPES } from '../activities/index.ts';
import { findEmails } from '../messages/index.ts';
import { AppError, inTransaction } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { checkPlaybook } from './check-playbook.ts';
import type { CheckedPlaybook } from './check-playbook.ts';
import type { PlaybookProblem } from './definition.ts';
import {
  archivePlaybook,
  findPlaybook,
  findPlaybookByTemplate,
  insertPlaybook,
  saveVersion,
  updatePlaybook,
} from './queries/playbooks.ts';
import type { PlaybookRow, PlaybookValues } from './queries/playbooks.ts';
import { exitAllRuns } from './queries/runs.ts';

export interface PlaybookDraft {
  /** Replaces that playbook; without it, a new one that is off. */
  id?: number;
  name: string;
  description?: string;
  /** Anything; it is checked. */
  definition: unknown;
  template_key?: string | null;
}

export type SavePlaybookOutcome =
  | { ok: true; playbook: PlaybookRow }
  | { ok: false; problems: PlaybookProblem[] };

/**
 * Checks and stores a playbook. A changed definition becomes a new version: people who enter from
 * now on follow it, those under way stay on theirs. Throws `not_found` for an unknown id.
 */
export async function savePlaybook(
  ctx: Context,
  draft: PlaybookDraft,
): Promise<SavePlaybookOutcome> {
  const name = draft.name.trim();
  if (name === '' || name.length > 200) {
    const sentence = 'Give the playbook a name of at most 200 characters.';
    return { ok: false, problems: [{ step_id: null, sentence }] };
  }
  const checked = await checkAgainstDatabase(ctx, draft.definition);
  if (!checked.ok) return checked;
  const { template_key = null, description = '' } = draft;
  return await inTransaction(ctx, async (tx) => {
    const now = tx.clock.now();
    const before = await findOrInsert(tx, draft.id, { name, description, template_key }, now);
    const version = await saveVersion(tx, before, checked.definition, now);
    const values = { name, description, template_key, version };
    return { ok: true, playbook: await updatePlaybook(tx, before.id, values, now) };
  });
}

/** Checks a definition against what exists: the activity types and the e-mails it sends. */
export async function checkAgainstDatabase(
  ctx: Context,
  definition: unknown,
): Promise<CheckedPlaybook> {
  const emails = await findEmails(ctx, listEmailIds(definition));
  return checkPlaybook(definition, {
    activities: new Set(ACTIVITY_TYPES.map((type): string => type.name)),
    emails: new Set(emails.filter((email) => email.archived_at === null).map(({ id }) => id)),
  });
}

/** Takes a playbook out of the lists and ends it for everyone under way. Its past stays on record. */
export async function removePlaybook(ctx: Context, id: number): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    const now = tx.clock.now();
    if (!(await findPlaybook(tx, id, { lock: true }))) throw noSuchPlaybook();
    await exitAllRuns(tx, id, 'playbook_removed', now);
    await archivePlaybook(tx, id, now);
  });
}

export function noSuchPlaybook(): AppError {
  return new AppError('not_found', 'There is no such playbook. It may have been removed.');
}

async function findOrInsert(
  tx: Context,
  id: number | undefined,
  values: PlaybookValues,
  now: Date,
): Promise<PlaybookRow> {
  if (id !== undefined) {
    const found = await findPlaybook(tx, id, { lock: true });
    if (!found) throw noSuchPlaybook();
    return found;
  }
  const { template_key } = values;
  const known = template_key === null ? null : await findPlaybookByTemplate(tx, template_key);
  return known ?? (await insertPlaybook(tx, values, now));
}

/** Whatever looks like an e-mail step, in a definition that has not been checked yet. */
function listEmailIds(input: unknown): number[] {
  if (Array.isArray(input)) return input.flatMap(listEmailIds);
  if (typeof input !== 'object' || input === null) return [];
  const own = (input as { email_id?: unknown }).email_id;
  const inside = Object.values(input).flatMap(listEmailIds);
  const int = Number.isInteger(own) && Math.abs(Number(own)) < 2 ** 31;
  return int ? [Number(own), ...inside] : inside;
}
