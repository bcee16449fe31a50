import type { RunState } from './definition.ts';
import type { Plan, PlanNode } from './plan.ts';
import type { Outcome, Run, RunEvent, TraceLine } from './run.ts';

/**
 * The journey of one person, as a pure function: (plan, run, event, now) → (run, effects, trace).
 * It reads no clock, no database and no mail server; the shell in advance-due-runs.ts carries the
 * effects out and reports back, all in one transaction.
 *
 *   entered ── due ───────────▶ first step        a wait step   ▶ waiting
 *   waiting ── due ───────────▶ next step         a branch step ▶ asking
 *   asking  ── answered ──────▶ step of that side an e-mail     ▶ acting
 *   acting  ── effect_done ───▶ next step         no step left  ▶ finished
 *           ── effect_failed ─▶ failed            exit, anywhere: exited
 *
 *               | due         | answered   | effect_done | effect_failed | exit
 *   ------------+-------------+------------+-------------+---------------+--------
 *   entered     | first step  | –          | –           | –             | exited
 *   waiting     | next step ¹ | –          | –           | –             | exited
 *   asking      | asks again  | that way ² | –           | –             | exited
 *   acting      | acts again  | –          | next step ³ | failed ³      | exited
 *   finished    | –           | –          | –           | –             | –
 *   exited      | –           | –          | –           | –             | –
 *   failed      | –           | –          | –           | –             | –
 *
 * – changes nothing. ¹ once due_at has come. ² if it is the answer to this branch. ³ if it is about
 * this effect. A plan has no loop and an effect's key is made of run and step, so whatever order
 * events come in, and however often, no effect exists twice.
 *
 * Pausing is no event: a playbook that is not live simply has no runs claimed, so a million people
 * can be held and let go without touching their rows.
 */
type EventKind = RunEvent['kind'];
type Cell<E extends EventKind> = (
  plan: Plan,
  run: Run,
  event: Extract<RunEvent, { kind: E }>,
  now: Date,
) => Outcome;

/** Every state knows every event: a cell that is forgotten does not compile. */
const TABLE: { readonly [S in RunState]: { readonly [E in EventKind]: Cell<E> } } = {
  entered: {
    due: (plan, run, _event, now) => goTo(plan, run, plan.first, now),
    answered: unchanged,
    effect_done: unchanged,
    effect_failed: unchanged,
    exit,
  },
  waiting: {
    due: leaveWait,
    answered: unchanged,
    effect_done: unchanged,
    effect_failed: unchanged,
    exit,
  },
  asking: {
    due: (plan, run, _event, now) => goTo(plan, run, run.node, now),
    answered: takeAnswer,
    effect_done: unchanged,
    effect_failed: unchanged,
    exit,
  },
  acting: {
    due: (plan, run, _event, now) => goTo(plan, run, run.node, now),
    answered: unchanged,
    effect_done: takeResult,
    effect_failed: takeFailure,
    exit,
  },
  finished: over(),
  exited: over(),
  failed: over(),
};

/** What becomes of the run when this happens to it. Never changes what it is handed. */
export function advance(plan: Plan, run: Run, event: RunEvent, now: Date): Outcome {
  const cell = TABLE[run.state][event.kind] as Cell<EventKind>;
  return cell(plan, run, event, now);
}

/** The same for the same step of the same run, for ever: what makes an effect happen once. */
export function effectKey(run_id: string, node: string): string {
  return `${run_id}.${node}`;
}

function unchanged(_plan: Plan, run: Run): Outcome {
  return { run, effects: [], trace: [] };
}

function over(): { readonly [E in EventKind]: Cell<E> } {
  return {
    due: unchanged,
    answered: unchanged,
    effect_done: unchanged,
    effect_failed: unchanged,
    exit: unchanged,
  };
}

function leaveWait(plan: Plan, run: Run, _event: RunEvent, now: Date): Outcome {
  if (run.due_at !== null && run.due_at > now) return unchanged(plan, run);
  const at = nodeOf(plan, run.node);
  return at && 'next' in at ? goTo(plan, run, at.next, now) : lost(run, now);
}

function takeAnswer(
  plan: Plan,
  run: Run,
  event: Extract<RunEvent, { kind: 'answered' }>,
  now: Date,
): Outcome {
  if (event.node !== run.node) return unchanged(plan, run);
  const at = nodeOf(plan, run.node);
  if (!at || !('yes' in at)) return lost(run, now);
  const { yes, because } = event;
  const line: TraceLine = { node: event.node, what: 'answered', detail: { yes, because } };
  return after(line, goTo(plan, run, yes ? at.yes : at.no, now));
}

function takeResult(
  plan: Plan,
  run: Run,
  event: Extract<RunEvent, { kind: 'effect_done' }>,
  now: Date,
): Outcome {
  if (run.node === null || event.key !== effectKey(run.id, run.node)) return unchanged(plan, run);
  const at = nodeOf(plan, run.node);
  if (!at || at.step.kind !== 'email' || !('next' in at)) return lost(run, now);
  const detail = { email_id: at.step.email_id, outbox_id: event.result };
  return after({ node: run.node, what: 'email_queued', detail }, goTo(plan, run, at.next, now));
}

function takeFailure(
  plan: Plan,
  run: Run,
  event: Extract<RunEvent, { kind: 'effect_failed' }>,
  now: Date,
): Outcome {
  if (run.node === null || event.key !== effectKey(run.id, run.node)) return unchanged(plan, run);
  return fail(run, run.node, event.reason, now);
}

function exit(
  _plan: Plan,
  run: Run,
  event: Extract<RunEvent, { kind: 'exit' }>,
  now: Date,
): Outcome {
  const { reason } = event;
  return {
    run: { ...run, state: 'exited', due_at: null, finished_at: now, exit_reason: reason },
    effects: [],
    trace: [{ node: run.node, what: 'exited', detail: { reason } }],
  };
}

/** Arrives at a step and does what it says. */
function goTo(plan: Plan, run: Run, node: string | null, now: Date): Outcome {
  if (node === null) return finish(run, now);
  const at = nodeOf(plan, node);
  if (!at) return lost({ ...run, node }, now);
  const { step } = at;
  switch (step.kind) {
    case 'end':
      return finish({ ...run, node }, now);
    case 'wait': {
      const until = new Date(now.getTime() + step.minutes * 60_000);
      const detail = { minutes: step.minutes, until: until.toISOString() };
      return {
        run: { ...run, state: 'waiting', node, due_at: until },
        effects: [],
        trace: [{ node, what: 'waiting', detail }],
      };
    }
    case 'email':
      return {
        run: { ...run, state: 'acting', node, due_at: now },
        effects: [
          { kind: 'send_email', node, key: effectKey(run.id, node), email_id: step.email_id },
        ],
        trace: [],
      };
    case 'branch':
      return {
        run: { ...run, state: 'asking', node, due_at: now },
        effects: [{ kind: 'ask', node, condition: step.condition }],
        trace: [],
      };
  }
}

function finish(run: Run, now: Date): Outcome {
  return {
    run: { ...run, state: 'finished', node: null, due_at: null, finished_at: now },
    effects: [],
    trace: [{ node: run.node, what: 'finished', detail: {} }],
  };
}

function fail(run: Run, node: string | null, reason: string, now: Date): Outcome {
  return {
    run: { ...run, state: 'failed', due_at: null, finished_at: now, exit_reason: reason },
    effects: [],
    trace: [{ node: node ?? '', what: 'failed', detail: { reason } }],
  };
}

/** The run stands at a step its version does not have. */
function lost(run: Run, now: Date): Outcome {
  return fail(run, run.node, 'no_such_step', now);
}

function nodeOf(plan: Plan, node: string | null): PlanNode | undefined {
  return node === null ? undefined : plan.nodes.get(node);
}

function after(line: TraceLine, outcome: Outcome): Outcome {
  return { ...outcome, trace: [line, ...outcome.trace] };
}
