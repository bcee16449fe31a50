import type { PlaybookDefinition, Step } from './definition.ts';

/** A definition made ready to walk: each step and where it leads. Null means the journey is over. */
export interface Plan {
  first: string | null;
  nodes: ReadonlyMap<string, PlanNode>;
}

export type PlanNode =
  | { step: Exclude<Step, { kind: 'branch' }>; next: string | null }
  | { step: Extract<Step, { kind: 'branch' }>; yes: string | null; no: string | null };

/** Lays the tree out as nodes that know their successor; an empty side of a branch leads below it. */
export function compilePlan(definition: PlaybookDefinition): Plan {
  const nodes = new Map<string, PlanNode>();
  const lay = (steps: readonly Step[], after: string | null): string | null => {
    let next = after;
    for (const step of steps.toReversed()) {
      if (step.kind === 'branch') {
        nodes.set(step.id, { step, yes: lay(step.yes, next), no: lay(step.no, next) });
      } else {
        nodes.set(step.id, { step, next: step.kind === 'end' ? null : next });
      }
      next = step.id;
    }
    return next;
  };
  return { first: lay(definition.steps, null), nodes };
}
