import { Type } from 'typebox';
import type { Static } from 'typebox';
import type { PlaybookDefinition } from '../../playbooks/definition.ts';
import { PLAYBOOK_STATES, RUN_STATES } from '../../playbooks/definition.ts';
import { Id, Instant, Json, nullable, oneOf } from './notation.ts';
import { MailRow } from './outbox.ts';

/** The journey as drawn. The room checks it and says in sentences what is wrong, so here it is open. */
export const Journey = Type.Unsafe<PlaybookDefinition>(
  Type.Unknown({ description: '{entry, steps}' }),
);

export const PlaybookState = oneOf(PLAYBOOK_STATES);
export type PlaybookState = Static<typeof PlaybookState>;

const row = {
  id: Id,
  name: Type.String(),
  description: Type.String(),
  state: PlaybookState,
  live_since: nullable(Instant),
  version: Type.Integer(),
  template_key: nullable(Type.String()),
  created_at: Instant,
  updated_at: Instant,
  entered: Type.Integer(),
  /** People who are in it now. */
  under_way: Type.Integer(),
  finished: Type.Integer(),
  exited: Type.Integer(),
  failed: Type.Integer(),
  mails_sent: Type.Integer(),
  /** Kept in the outbox because no mail server is set. */
  mails_kept: Type.Integer(),
};
export const PlaybookRow = Type.Object(row);
export type PlaybookRow = Static<typeof PlaybookRow>;

export const PlaybookList = Type.Object({ playbooks: Type.Array(PlaybookRow) });
export type PlaybookList = Static<typeof PlaybookList>;

/** A step in drawing order, with how many people are at it now and how many ever came to it. */
export const PlaybookNode = Type.Object({
  step_id: Type.String(),
  kind: oneOf(['wait', 'email', 'branch', 'end']),
  /** How many branches it lies in. */
  depth: Type.Integer(),
  title: Type.String(),
  here: Type.Integer(),
  reached: Type.Integer(),
});
export type PlaybookNode = Static<typeof PlaybookNode>;

/** GET /api/playbooks/:id, and what POST, PUT and a switch answer */
export const Playbook = Type.Object({
  ...row,
  definition: Journey,
  nodes: Type.Array(PlaybookNode),
  /** People who entered and have not begun, because the playbook is held. */
  not_begun: Type.Integer(),
});
export type Playbook = Static<typeof Playbook>;

/** What is wrong comes back as `invalid_playbook` with `detail.problems`: PlaybookProblem[]. */
export const PlaybookBody = Type.Object({
  name: Type.String({ maxLength: 400 }),
  description: Type.Optional(Type.String({ maxLength: 2000 })),
  definition: Journey,
});
export type PlaybookBody = Static<typeof PlaybookBody>;

export const PlaybookStateBody = Type.Object({ state: PlaybookState });
export type PlaybookStateBody = Static<typeof PlaybookStateBody>;

export const RunState = oneOf(RUN_STATES);
export type RunState = Static<typeof RunState>;

const run = {
  id: Type.String(),
  playbook_id: Id,
  playbook_name: Type.String(),
  version: Type.Integer(),
  person_id: Id,
  person_name: nullable(Type.String()),
  person_email: nullable(Type.String()),
  state: RunState,
  /** Id of the step the person is at; null when it is over or not begun. */
  node: nullable(Type.String()),
  due_at: nullable(Instant),
  entered_at: Instant,
  finished_at: nullable(Instant),
  exit_reason: nullable(Type.String()),
};
/** One person's way through one version of a playbook. */
export const Run = Type.Object(run);
export type Run = Static<typeof Run>;

export const RunPage = Type.Object({
  rows: Type.Array(Run),
  next_cursor: nullable(Type.String()),
});
export type RunPage = Static<typeof RunPage>;

export const RunQuery = Type.Object({
  state: Type.Optional(RunState),
  /** Only people who are at this step now. */
  step_id: Type.Optional(Type.String({ maxLength: 40 })),
  cursor: Type.Optional(Type.String({ maxLength: 400 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
});
export type RunQuery = Static<typeof RunQuery>;

export const RunStep = Type.Object({
  seq: Type.Integer(),
  at: Instant,
  step_id: nullable(Type.String()),
  what: Type.String(),
  sentence: Type.String(),
  detail: Json,
});
export type RunStep = Static<typeof RunStep>;

/** GET /api/runs/:id */
export const RunDetail = Type.Object({
  ...run,
  /** Where the person is now, in words; null when it is over. */
  now_at: nullable(Type.String()),
  /** Why it ended early, in words. */
  ended_because: nullable(Type.String()),
  steps: Type.Array(RunStep),
  mails: Type.Array(MailRow),
});
export type RunDetail = Static<typeof RunDetail>;

export const RunParams = Type.Object({ id: Type.String({ maxLength: 200 }) });
