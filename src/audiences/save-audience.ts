import { AppError, inTransaction, notify } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { checkDefinition } from './check-tree.ts';
import type { Definition } from './definition.ts';
import { getAudience } from './list-audiences.ts';
import type { Audience } from './list-audiences.ts';
import { insertAudience, selectTemplateAudience, updateAudience } from './queries/audiences.ts';
import { lockForChange } from './queries/locks.ts';

export interface AudienceDraft {
  /** Absent for a new audience. */
  id?: number;
  name: string;
  description?: string;
  definition: unknown;
  /** Set by templates: replaces the audience that carries this key. */
  template_key?: string;
}

/**
 * Saves an audience under its id, its template key, or as a new one. A new or changed definition
 * is built by the next `buildAudiences`; until then the membership of before stays. Throws
 * `invalid_audience` or `audience_not_found`.
 */
export async function saveAudience(ctx: Context, draft: AudienceDraft): Promise<Audience> {
  const name = checkName(draft.name);
  const definition = requireDefinition(draft.definition);
  return await inTransaction(ctx, async (tx) => {
    await lockForChange(tx, draft.id ?? null);
    const before = await findBefore(tx, draft);
    const text = {
      name,
      description: draft.description ?? before?.description ?? '',
      definition,
      template_key: draft.template_key ?? before?.template_key ?? null,
    };
    if (before) await updateAudience(tx, before.id, text);
    const id = before?.id ?? (await insertAudience(tx, text));
    await notify(tx, { topic: 'audiences' });
    return await getAudience(tx, id);
  });
}

/** A definition that passed every check; throws `invalid_audience` with the first problem as its sentence. */
export function requireDefinition(input: unknown): Definition {
  const checked = checkDefinition(input);
  if (checked.ok) return checked.definition;
  throw new AppError('invalid_audience', checked.problems[0]!.sentence, {
    detail: { problems: checked.problems },
  });
}

async function findBefore(tx: Context, draft: AudienceDraft) {
  if (draft.id !== undefined) return await getAudience(tx, draft.id);
  if (draft.template_key === undefined) return null;
  const before = await selectTemplateAudience(tx, draft.template_key);
  if (before) await lockForChange(tx, before.id);
  return before;
}

function checkName(input: string): string {
  const name = input.trim();
  if (name === '') throw new AppError('invalid_audience', 'Give the audience a name.');
  if (name.length > 120 || name.includes('\u0000'))
    throw new AppError('invalid_audience', 'Choose a name of at most 120 plain characters.');
  return name;
}
