import { AppError } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { compileEmail } from './compile-email.ts';
import type { EmailDraft, Problem } from './definition.ts';
import { createEngines } from './liquid.ts';
import type { Engines } from './liquid.ts';
import { findLatestActivity, findPersonFacts, getWorkspace } from './queries/people.ts';
import { listMissingVariables, parseEmail, renderEmail } from './render-email.ts';
import type { RenderedEmail } from './render-email.ts';
import { getEmail } from './save-email.ts';
import { buildVariables } from './variables.ts';

export type Preview =
  | (RenderedEmail & {
      ok: true;
      to: { name: string | null; address: string | null };
      /** Paths the mail prints that this person lacks, such as `person.first_name`. */
      missing: string[];
    })
  | { ok: false; problems: Problem[] };

/**
 * An e-mail as this person would get it, stored (by id) or as being written (a draft). For
 * `activity.*` the person's latest activity serves, of `activity` type when given. The unsubscribe
 * link of a preview leads nowhere: whoever looks at a preview is not the person.
 */
export async function previewEmail(
  ctx: Context,
  email: number | EmailDraft,
  person_id: number,
  options: { activity?: string } = {},
): Promise<Preview> {
  const workspace = await getWorkspace(ctx);
  const engines = createEngines(workspace.time_zone);
  const parts = await partsOf(ctx, engines, email);
  if (!parts.ok) return parts;
  const person = (await findPersonFacts(ctx, [person_id])).get(person_id);
  if (!person) throw new AppError('not_found', 'There is no such person.');
  const variables = buildVariables({
    person,
    activity: await findLatestActivity(ctx, person.person_id, options.activity ?? null),
    workspace_name: workspace.name,
    unsubscribe_url: `${ctx.config.public_url}/unsubscribe/preview`,
  });
  const parsed = parseEmail(engines, parts);
  const rendered = parsed.ok ? renderEmail(engines, parsed, variables) : parsed;
  if (!rendered.ok || !parsed.ok) {
    const reason = rendered.ok ? '' : rendered.reason;
    return { ok: false, problems: [renderProblem(reason)] };
  }
  return {
    ...rendered,
    to: { name: person.name, address: person.email },
    missing: listMissingVariables(engines, parsed, variables),
  };
}

async function partsOf(
  ctx: Context,
  engines: Engines,
  email: number | EmailDraft,
): Promise<(RenderedEmail & { ok: true }) | { ok: false; problems: Problem[] }> {
  if (typeof email === 'number') {
    const { subject, html, plain } = await getEmail(ctx, email);
    return { ok: true, subject, html, plain };
  }
  const compiled = await compileEmail(engines, email);
  return compiled.ok ? { ...compiled, subject: email.subject } : compiled;
}

function renderProblem(reason: string): Problem {
  return {
    code: 'bad_liquid',
    field: 'source',
    line: null,
    column: null,
    sentence: `The e-mail cannot be filled in for this person: ${reason}.`,
  };
}
