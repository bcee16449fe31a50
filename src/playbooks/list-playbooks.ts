import { ACTIVITY_TYPES } from '../activities/index.ts';
import { findEmails } from '../messages/index.ts';
import type { Context } from '../platform/index.ts';
import { listSteps } from './definition.ts';
import type { PlaybookDefinition, Step } from './definition.ts';
import { describeStep } from './describe-run.ts';
import type { Names } from './describe-run.ts';
import { countNodes, countRuns, countsOf } from './queries/counts.ts';
import type { NodeCounts, PlaybookCounts } from './queries/counts.ts';
import { findPlaybook, findVersions, selectPlaybooks } from './queries/playbooks.ts';
import type { PlaybookRow } from './queries/playbooks.ts';
import { noSuchPlaybook } from './save-playbook.ts';

export type PlaybookSummary = PlaybookRow & PlaybookCounts;

export async function listPlaybooks(ctx: Context): Promise<PlaybookSummary[]> {
  const rows = await selectPlaybooks(ctx);
  const counts = await countRuns(
    ctx,
    rows.map((row) => row.id),
  );
  return rows.map((row) => ({ ...row, ...countsOf(counts, row.id) }));
}

/** A step as the canvas draws it, in drawing order. */
export interface PlaybookNode extends NodeCounts {
  step_id: string;
  kind: Step['kind'];
  /** How many branches it lies in. */
  depth: number;
  title: string;
}

export interface Playbook extends PlaybookSummary {
  definition: PlaybookDefinition;
  nodes: PlaybookNode[];
  /** People who entered and have not begun, because the playbook is held. */
  not_begun: number;
}

/** The version newcomers follow, with counts over all versions. Throws `not_found`. */
export async function getPlaybook(ctx: Context, id: number): Promise<Playbook> {
  const row = await findPlaybook(ctx, id);
  if (!row) throw noSuchPlaybook();
  const wanted = { playbook_id: id, version: row.version };
  const definition = (await findVersions(ctx, [wanted])).get(`${id}/${row.version}`);
  if (!definition) throw noSuchPlaybook();
  const counts = await countRuns(ctx, [id]);
  const nodes = await countNodes(ctx, id);
  const names = await findNames(ctx, definition.steps);
  return {
    ...row,
    ...countsOf(counts, id),
    definition,
    nodes: listSteps(definition.steps).map(({ step, depth }) => ({
      step_id: step.id,
      kind: step.kind,
      depth,
      title: describeStep(step, names),
      ...(nodes.get(step.id) ?? { here: 0, reached: 0 }),
    })),
    not_begun: nodes.get('')?.here ?? 0,
  };
}

/** The names behind the ids in these steps. */
export async function findNames(ctx: Context, steps: readonly Step[]): Promise<Names> {
  const ids = listSteps(steps).flatMap(({ step }) =>
    step.kind === 'email' ? [step.email_id] : [],
  );
  const emails = await findEmails(ctx, [...new Set(ids)]);
  return {
    activities: new Map(ACTIVITY_TYPES.map((type): [string, string] => [type.name, type.label])),
    emails: new Map(emails.map((email) => [email.id, email.name])),
  };
}
