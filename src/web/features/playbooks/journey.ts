import type { Playbook } from '../../../api/contract/playbooks.ts';
import { listSteps } from '../../../playbooks/definition.ts';
import type { PlaybookDefinition, Step } from '../../../playbooks/definition.ts';
import type { Definition } from '../../../audiences/definition.ts';
import { activityLabel, describeDefinition } from '../../lib/condition-words.ts';
import { formatDuration } from '../../lib/format.ts';

/** A place on the drawing. `entry` and `leave` are ours, the rest are steps of the definition. */
export interface JourneyNode {
  id: string;
  kind: 'entry' | Step['kind'] | 'leave';
  title: string;
  text: string;
  /** How deep it lies in branches, for the list. */
  depth: number;
}

export interface JourneyEdge {
  from: string;
  to: string;
  label?: string;
}

/** How many people are at a place now, and how many ever came to it. */
export interface NodeCounts {
  here: number;
  reached: number;
}

export type EmailNames = ReadonlyMap<number, string>;

/** The way in, as the end of a sentence: `everyone whose first “Subscription started” happens`. */
export function describeEntry({ entry }: PlaybookDefinition): string {
  const what = `“${activityLabel(entry.activity)}”`;
  const filter = Object.entries(entry.filter ?? {}).map(([name, value]) => `${name} is ${value}`);
  const where = filter.length > 0 ? ` where ${filter.join(' and ')}` : '';
  return entry.first_only
    ? `${what} happens for the first time${where}`
    : `${what} happens${where}`;
}

export function describeStep(step: Step, emails: EmailNames): { title: string; text: string } {
  switch (step.kind) {
    case 'wait':
      return { title: 'Wait', text: formatDuration(step.minutes * 60) };
    case 'email':
      return { title: 'Send e-mail', text: emails.get(step.email_id) ?? `E-mail ${step.email_id}` };
    case 'branch':
      return { title: 'Is it so?', text: describeDefinition(step.condition as Definition) };
    case 'end':
      return { title: 'End', text: 'The journey is over here' };
  }
}

const LEAVE: JourneyNode = {
  id: 'leave',
  kind: 'leave',
  title: 'Finished',
  text: 'Nothing more happens',
  depth: 0,
};

/** Every place in the order in which it is drawn. */
export function listNodes(definition: PlaybookDefinition, emails: EmailNames): JourneyNode[] {
  return [
    { id: 'entry', kind: 'entry', title: 'Enters when', text: describeEntry(definition), depth: 0 },
    ...listSteps(definition.steps).map(({ step, depth }) => ({
      id: step.id,
      kind: step.kind,
      ...describeStep(step, emails),
      depth,
    })),
    ...(listEdges(definition).some(({ to }) => to === 'leave') ? [LEAVE] : []),
  ];
}

/** What leads where. Where a side of a branch ends, the journey goes on below the branch. */
export function listEdges(definition: PlaybookDefinition): JourneyEdge[] {
  const edges: JourneyEdge[] = [];
  const lay = (steps: readonly Step[], after: string): string => {
    let next = after;
    for (const step of steps.toReversed()) {
      if (step.kind === 'branch') {
        edges.push({ from: step.id, to: lay(step.yes, next), label: 'Yes' });
        edges.push({ from: step.id, to: lay(step.no, next), label: 'No' });
      } else if (step.kind !== 'end') {
        edges.push({ from: step.id, to: next });
      }
      next = step.id;
    }
    return next;
  };
  edges.push({ from: 'entry', to: lay(definition.steps, 'leave') });
  return edges.toReversed();
}

/** The definition with one step changed, wherever it lies. */
export function replaceStep(definition: PlaybookDefinition, next: Step): PlaybookDefinition {
  const walk = (steps: readonly Step[]): Step[] =>
    steps.map((step) => {
      if (step.id === next.id) return next;
      if (step.kind !== 'branch') return step;
      return { ...step, yes: walk(step.yes), no: walk(step.no) };
    });
  return { ...definition, steps: walk(definition.steps) };
}

/** What a reader sees as changed between two definitions, one sentence a step. */
export function listChanges(
  before: PlaybookDefinition,
  after: PlaybookDefinition,
  emails: EmailNames,
): string[] {
  const old = new Map(listSteps(before.steps).map(({ step }) => [step.id, step]));
  return listSteps(after.steps).flatMap(({ step }) => {
    const was = old.get(step.id);
    if (!was || was.kind === 'branch') return [];
    const [from, to] = [describeStep(was, emails), describeStep(step, emails)];
    return from.text === to.text ? [] : [`${to.title}: ${from.text} → ${to.text}`];
  });
}

/** The counts of every place. Who entered while the playbook is held waits at the entry. */
export function countNodes(playbook: Playbook): Map<string, NodeCounts> {
  return new Map<string, NodeCounts>([
    ['entry', { here: playbook.not_begun, reached: playbook.entered }],
    ...playbook.nodes.map(({ step_id, here, reached }) => [step_id, { here, reached }] as const),
  ]);
}
