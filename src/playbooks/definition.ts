import { Type } from 'typebox';
import type { Static } from 'typebox';
import type { Definition as Condition } from '../audiences/definition.ts';

/**
 * A journey as its author draws it: what lets a person in, then steps one after another. A branch
 * holds two lists of steps; where either ends, the journey goes on below the branch. As a tree it
 * can hold no loop and no step that nothing leads to. Safe in a browser.
 */
export const Entry = Type.Object({
  kind: Type.Literal('activity'),
  /** Name of an activity type, such as `subscription_started`. */
  activity: Type.String({ minLength: 1 }),
  /** Only the first activity of this type in the person's life lets them in, and only once. */
  first_only: Type.Boolean(),
  /** Attributes the activity must have, each exactly this. */
  filter: Type.Optional(
    Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
  ),
});
export type Entry = Static<typeof Entry>;

const StepId = Type.String({ pattern: '^[a-z][a-z0-9_]{0,39}$' });

/** A year; a wait beyond it is more likely a slip of the hand. */
export const LONGEST_WAIT_MINUTES = 525_600;

export const WaitStep = Type.Object({
  id: StepId,
  kind: Type.Literal('wait'),
  minutes: Type.Integer({ minimum: 1, maximum: LONGEST_WAIT_MINUTES }),
});
export const EmailStep = Type.Object({
  id: StepId,
  kind: Type.Literal('email'),
  email_id: Type.Integer(),
});
export const EndStep = Type.Object({ id: StepId, kind: Type.Literal('end') });

export type WaitStep = Static<typeof WaitStep>;
export type EmailStep = Static<typeof EmailStep>;
export type EndStep = Static<typeof EndStep>;
export interface BranchStep {
  id: string;
  kind: 'branch';
  /** The same tree as an audience's definition, asked at the moment the person gets here. */
  condition: Condition;
  yes: Step[];
  no: Step[];
}
export type Step = WaitStep | EmailStep | EndStep | BranchStep;

export const PlaybookDefinition = Type.Object({
  entry: Entry,
  steps: Type.Array(
    Type.Cyclic(
      {
        Step: Type.Union([
          WaitStep,
          EmailStep,
          EndStep,
          Type.Object({
            id: StepId,
            kind: Type.Literal('branch'),
            condition: Type.Unknown(), // checked on its own, by the schema of audiences
            yes: Type.Array(Type.Ref('Step')),
            no: Type.Array(Type.Ref('Step')),
          }),
        ]),
      },
      'Step',
    ),
  ),
});
export interface PlaybookDefinition {
  entry: Entry;
  steps: Step[];
}

/**
 * `off`: nobody enters and those under way are held. `paused`: people still enter, all are held.
 * `live`: people enter and go on.
 */
export const PLAYBOOK_STATES = ['off', 'live', 'paused'] as const;
export type PlaybookState = (typeof PLAYBOOK_STATES)[number];

export const RUN_STATES = [
  'entered',
  'waiting',
  'asking',
  'acting',
  'finished',
  'exited',
  'failed',
] as const;
export type RunState = (typeof RUN_STATES)[number];

/** Something that keeps a playbook from being saved, at which step, and what to do about it. */
export interface PlaybookProblem {
  /** Null when it concerns the entry or the playbook as a whole. */
  step_id: string | null;
  sentence: string;
}

/** Every step in drawing order, with how deep it lies in branches. */
export function listSteps(steps: readonly Step[], depth = 0): { step: Step; depth: number }[] {
  return steps.flatMap((step) => [
    { step, depth },
    ...(step.kind === 'branch'
      ? [...listSteps(step.yes, depth + 1), ...listSteps(step.no, depth + 1)]
      : []),
  ]);
}
