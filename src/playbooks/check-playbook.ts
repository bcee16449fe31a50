import { Check } from 'typebox/value';
import { checkDefinition as checkCondition } from '../audiences/index.ts';
import { LONGEST_WAIT_MINUTES, PlaybookDefinition, listSteps } from './definition.ts';
import type { PlaybookProblem, Step } from './definition.ts';

export type CheckedPlaybook =
  | { ok: true; definition: PlaybookDefinition }
  | { ok: false; problems: PlaybookProblem[] };

/** What exists outside a definition that it may point at. */
export interface Surroundings {
  activities: ReadonlySet<string>;
  emails: ReadonlySet<number>;
}

const MOST_STEPS = 200;

/** Checks anything that claims to be a playbook's definition; what passes can be run without a further look. */
export function checkPlaybook(input: unknown, around: Surroundings): CheckedPlaybook {
  if (!Check(PlaybookDefinition, input)) return { ok: false, problems: findShapeProblems(input) };
  const definition = input as PlaybookDefinition;
  const problems: PlaybookProblem[] = [];
  const { activity } = definition.entry;
  if (!around.activities.has(activity)) {
    problems.push({ step_id: null, sentence: `There is no activity called “${activity}”.` });
  }
  const all = listSteps(definition.steps);
  if (all.length > MOST_STEPS) {
    const sentence = `There are ${all.length} steps; at most ${MOST_STEPS} are allowed.`;
    problems.push({ step_id: null, sentence });
  }
  const seen = new Set<string>();
  for (const { step } of all) {
    if (seen.has(step.id)) {
      problems.push({ step_id: step.id, sentence: `Two steps have the id “${step.id}”.` });
    }
    seen.add(step.id);
    problems.push(...checkStep(step, around));
  }
  problems.push(...findUnreachable(definition.steps));
  return problems.length > 0 ? { ok: false, problems } : { ok: true, definition };
}

function checkStep(step: Step, around: Surroundings): PlaybookProblem[] {
  if (step.kind === 'email' && !around.emails.has(step.email_id)) {
    const sentence = 'The e-mail of this step does not exist any more. Choose another.';
    return [{ step_id: step.id, sentence }];
  }
  if (step.kind !== 'branch') return [];
  const checked = checkCondition(step.condition);
  if (checked.ok) return [];
  return checked.problems.map(({ sentence }) => ({ step_id: step.id, sentence }));
}

/** Steps drawn below an end never happen, which their author hardly meant. */
function findUnreachable(steps: readonly Step[]): PlaybookProblem[] {
  const end = steps.findIndex((step) => step.kind === 'end');
  const below = end === -1 ? undefined : steps[end + 1];
  const inside = steps.flatMap((step) =>
    step.kind === 'branch' ? [...findUnreachable(step.yes), ...findUnreachable(step.no)] : [],
  );
  if (!below) return inside;
  const sentence = 'This step comes after an end and is never reached. Move it or remove the end.';
  return [{ step_id: below.id, sentence }, ...inside];
}

/** The schema knows that something is wrong; this finds the step and says it in words. */
function findShapeProblems(input: unknown): PlaybookProblem[] {
  const { entry, steps } = (input ?? {}) as { entry?: unknown; steps?: unknown };
  if (!Check(PlaybookDefinition.properties.entry, entry)) {
    return [{ step_id: null, sentence: 'Choose the activity that lets people in.' }];
  }
  for (const step of Array.isArray(steps) ? (steps as unknown[]) : []) {
    if (Check(PlaybookDefinition.properties.steps.items, step)) continue;
    const { id, kind } = (step ?? {}) as { id?: unknown; kind?: unknown };
    const step_id = typeof id === 'string' ? id : null;
    return [{ step_id, sentence: shapeSentence(kind) }];
  }
  return [{ step_id: null, sentence: 'The steps of the playbook cannot be read.' }];
}

function shapeSentence(kind: unknown): string {
  switch (kind) {
    case 'wait':
      return `A wait needs whole minutes from 1 to ${LONGEST_WAIT_MINUTES} (a year).`;
    case 'email':
      return 'Choose the e-mail this step sends.';
    case 'branch':
      return 'A branch needs a condition and steps that can be read on both sides.';
    default:
      return 'A step is a wait, an e-mail, a branch or an end, with an id of small letters.';
  }
}
