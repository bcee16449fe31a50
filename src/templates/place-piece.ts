import { listAudiences, removeAudience, saveAudience } from '../audiences/index.ts';
import { listEmails, removeEmail, saveEmail } from '../messages/index.ts';
import { listPlaybooks, removePlaybook, savePlaybook } from '../playbooks/index.ts';
import type { Context } from '../platform/index.ts';
import { listDashboards, removeDashboard, saveDashboard } from '../reports/index.ts';
import type { EmailTemplate, PlaybookTemplate, Template, TemplateKind } from './template.ts';

/**
 * Where pieces live. Each goes through the door of its room, as if a user had made it, and carries
 * the template's key until it is removed there.
 */

/** The id of every piece that exists now, by its template's key. */
export async function findPlaced(ctx: Context): Promise<Map<string, number>> {
  const lists = [
    await listAudiences(ctx),
    await listDashboards(ctx),
    await listEmails(ctx),
    await listPlaybooks(ctx),
  ];
  return new Map(
    lists.flat().flatMap((row) => (row.template_key ? [[row.template_key, row.id] as const] : [])),
  );
}

/** Makes the piece and answers its id. `placed` holds those it may build on. */
export async function placePiece(
  tx: Context,
  template: Template,
  placed: ReadonlyMap<string, number>,
): Promise<number> {
  switch (template.kind) {
    case 'audience': {
      const { name, description, definition, key } = template;
      return (await saveAudience(tx, { name, description, definition, template_key: key })).id;
    }
    case 'dashboard': {
      const { name, description, tiles, key } = template;
      const draft = { name, description, tiles: [...tiles], template_key: key };
      return (await saveDashboard(tx, draft)).id;
    }
    case 'email':
      return await placeEmail(tx, template);
    case 'playbook':
      return await placePlaybook(tx, template, placed);
  }
}

export async function takePieceAway(tx: Context, kind: TemplateKind, id: number): Promise<void> {
  switch (kind) {
    case 'audience':
      return await removeAudience(tx, id);
    case 'dashboard':
      return await removeDashboard(tx, id);
    case 'email':
      return await removeEmail(tx, id);
    case 'playbook':
      return await removePlaybook(tx, id);
  }
}

/** The keys of the pieces a piece cannot be without. */
export function listNeeds(template: Template): string[] {
  if (template.kind !== 'playbook') return [];
  return template.steps.flatMap((step) => (step.kind === 'email' ? [step.email] : []));
}

async function placeEmail(tx: Context, template: EmailTemplate): Promise<number> {
  const { name, subject, source, key } = template;
  const outcome = await saveEmail(tx, {
    name,
    class: template.class,
    subject,
    source,
    template_key: key,
  });
  if (!outcome.ok) throw broken(key, outcome.problems);
  return outcome.email.id;
}

async function placePlaybook(
  tx: Context,
  template: PlaybookTemplate,
  placed: ReadonlyMap<string, number>,
): Promise<number> {
  const { name, description, key, entry } = template;
  const steps = template.steps.map((step) =>
    step.kind === 'email'
      ? { id: step.id, kind: step.kind, email_id: placed.get(step.email) }
      : step,
  );
  const outcome = await savePlaybook(tx, {
    name,
    description,
    definition: { entry: { kind: 'activity', ...entry }, steps },
    template_key: key,
  });
  if (!outcome.ok) throw broken(key, outcome.problems);
  return outcome.playbook.id;
}

/** A template that its own room refuses is a mistake of ours, not of a user. */
function broken(key: string, problems: { sentence: string }[]): Error {
  return new Error(`template ${key}: ${problems.map((one) => one.sentence).join(' ')}`);
}
