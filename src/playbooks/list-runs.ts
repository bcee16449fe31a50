import { listOutbox } from '../messages/index.ts';
import type { OutboxListRow } from '../messages/index.ts';
import { AppError } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { listSteps } from './definition.ts';
import type { RunState } from './definition.ts';
import { describeLine, describeReason, describeStep } from './describe-run.ts';
import { findNames } from './list-playbooks.ts';
import { findVersions } from './queries/playbooks.ts';
import { selectLines, selectRuns } from './queries/runs.ts';
import type { RunListRow } from './queries/runs.ts';

export interface RunPage {
  rows: RunListRow[];
  /** Pass it back to get the next page; null on the last one. */
  next: { entered_at: Date; id: string } | null;
}

export interface RunQuery {
  states?: RunState[];
  /** Only people who stand at this step now. */
  step_id?: string;
  before?: { entered_at: Date; id: string };
  limit?: number;
}

/** Who went through a playbook, newest first. */
export async function listRuns(
  ctx: Context,
  playbook_id: number,
  query: RunQuery = {},
): Promise<RunPage> {
  const { step_id, limit = 50, ...rest } = query;
  const size = Math.min(limit, 500);
  const found = await selectRuns(ctx, { ...rest, playbook_id, node: step_id, limit: size + 1 });
  const rows = found.slice(0, size);
  const last = rows.at(-1);
  const more = found.length > size && last;
  return { rows, next: more ? { entered_at: last.entered_at, id: last.id } : null };
}

/** The latest hundred playbook runs of one person, newest first. */
export async function listPersonRuns(ctx: Context, person_id: number): Promise<RunListRow[]> {
  return await selectRuns(ctx, { person_id, limit: 100 });
}

export interface RunLine {
  seq: number;
  at: Date;
  step_id: string | null;
  what: string;
  sentence: string;
  detail: Record<string, unknown>;
}

export interface RunTrace extends RunListRow {
  /** Where the person is now, in words; null when it is over. */
  now_at: string | null;
  /** Why it ended early, in words. */
  ended_because: string | null;
  steps: RunLine[];
  mails: OutboxListRow[];
}

/** One person's way through a playbook, line by line in words, with the mail it caused. Throws `not_found`. */
export async function getRun(ctx: Context, id: string): Promise<RunTrace> {
  const [run] = await selectRuns(ctx, { id, limit: 1 });
  if (!run) throw new AppError('not_found', 'There is no such run.');
  const { playbook_id, version } = run;
  const key = `${playbook_id}/${version}`;
  const definition = (await findVersions(ctx, [{ playbook_id, version }])).get(key);
  const names = await findNames(ctx, definition?.steps ?? []);
  const here = listSteps(definition?.steps ?? []).find(({ step }) => step.id === run.node);
  const lines = await selectLines(ctx, id);
  return {
    ...run,
    now_at: here && run.due_at ? describeStep(here.step, names) : null,
    ended_because: run.exit_reason === null ? null : describeReason(run.exit_reason),
    steps: lines.map((line) => ({
      seq: line.seq,
      at: line.at,
      step_id: line.node,
      what: line.what,
      sentence: describeLine(line, names),
      detail: line.detail,
    })),
    mails: (await listOutbox(ctx, { run_id: id })).rows,
  };
}
