import { Type } from 'typebox';
import type { Static } from 'typebox';
import type { PlaybookDefinition } from '../../playbooks/definition.ts';
import { RUN_STATES } from '../../playbooks/definition.ts';
import { Id, Instant, Json, nullable, oneOf } from './notation.ts';

/** The journey as drawn. The room checks it and says in sentences what is wrong, so here it is open. */
export const Journey = Type.Unsafe<PlaybookDefinition>(
  Type.Unknown({ description: '{entry, steps}' }),
);

export const PlaybookState = oneOf(['off', 'live', 'paused']);
export type PlaybookState = Static<typeof PlaybookState>;

export const PlaybookCounts = Type.Object({
  entered: Type.Integer(),
  active: Type.Integer(),
  finished: Type.Integer(),
  exited: Type.Integer(),
  failed: Type.Integer(),
});
export type PlaybookCounts = Static<typeof PlaybookCounts>;

export const PlaybookRow = Type.Object({
  id: Id,
  name: Type.String(),
  description: Type.String(),
  state: PlaybookState,
  live_since: nullable(Instant),
  version: Type.Integer(),
  template_key: nullable(Type.String()),
  created_at: Instant,
  updated_at: Instant,
  counts: PlaybookCounts,
});
export type PlaybookRow = Static<typeof PlaybookRow>;

export const PlaybookList = Type.Object({ playbooks: Type.Array(PlaybookRow) });
export type PlaybookList = Static<typeof PlaybookList>;

/** How many people are at a node now, and how many have passed through it. */
export const NodeCounts = Type.Object({
  node: Type.String(),
  waiting: Type.Integer(),
  passed: Type.Integer(),
});
export type NodeCounts = Static<typeof NodeCounts>;

export const Playbook = Type.Interface([PlaybookRow], {
  definition: Journey,
  nodes: Type.Array(NodeCounts),
});
export type Playbook = Static<typeof Playbook>;

export const PlaybookBody = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 200 }),
  description: Type.Optional(Type.String({ maxLength: 2000 })),
  definition: Journey,
});
export type PlaybookBody = Static<typeof PlaybookBody>;

export const PlaybookStateBody = Type.Object({ state: PlaybookState });
export type PlaybookStateBody = Static<typeof PlaybookStateBody>;

export const RunState = oneOf(RUN_STATES);
export type RunState = Static<typeof RunState>;

/** One person's way through one version of a playbook. */
export const Run = Type.Object({
  id: Type.String(),
  playbook_id: Id,
  playbook_name: Type.String(),
  version: Type.Integer(),
  person_id: Id,
  person_name: nullable(Type.String()),
  person_email: nullable(Type.String()),
  state: RunState,
  node: Type.String(),
  due_at: nullable(Instant),
  entered_at: Instant,
  finished_at: nullable(Instant),
  exit_reason: nullable(Type.String()),
});
export type Run = Static<typeof Run>;

export const RunPage = Type.Object({
  rows: Type.Array(Run),
  next_cursor: nullable(Type.String()),
});
export type RunPage = Static<typeof RunPage>;

export const RunQuery = Type.Object({
  state: Type.Optional(RunState),
  cursor: Type.Optional(Type.String({ maxLength: 400 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
});
export type RunQuery = Static<typeof RunQuery>;

export const RunStep = Type.Object({
  seq: Type.Integer(),
  at: Instant,
  node: Type.String(),
  what: Type.String(),
  detail: Json,
});
export type RunStep = Static<typeof RunStep>;

/** GET /api/runs/:id */
export const RunDetail = Type.Interface([Run], {
  steps: Type.Array(RunStep),
});
export type RunDetail = Static<typeof RunDetail>;
