import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RUN_STATES, listSteps } from './definition.ts';
import type { PlaybookDefinition, RunState, Step } from './definition.ts';
import { advance, effectKey } from './machine.ts';
import type { Effect, Run, RunEvent } from './run.ts';
import { compilePlan } from './plan.ts';
import type { Plan } from './plan.ts';

const NOW = new Date('2026-03-01T12:00:00Z');
const LATER = new Date('2026-03-01T13:00:00Z');
const entry = { kind: 'activity', activity: 'subscription_started', first_only: true } as const;
const everybody = { all: [] };

const WELCOME: PlaybookDefinition = {
  entry,
  steps: [
    { id: 'pause', kind: 'wait', minutes: 60 },
    {
      id: 'fork',
      kind: 'branch',
      condition: everybody,
      yes: [{ id: 'hello', kind: 'email', email_id: 1 }],
      no: [{ id: 'stop', kind: 'end' }],
    },
    { id: 'tips', kind: 'email', email_id: 2 },
  ],
};

function at(state: RunState): Run {
  const ended = state === 'finished' || state === 'exited' || state === 'failed';
  const node = { entered: null, waiting: 'pause', asking: 'fork', acting: 'hello' } as const;
  return {
    id: 'run_1',
    state,
    node: ended ? null : node[state],
    due_at: ended ? null : NOW,
    finished_at: ended ? NOW : null,
    exit_reason: null,
  };
}

const EVENTS: Record<RunEvent['kind'], RunEvent> = {
  due: { kind: 'due' },
  answered: { kind: 'answered', node: 'fork', yes: true, because: null },
  effect_done: { kind: 'effect_done', key: 'run_1.hello', result: 'run_1.hello' },
  effect_failed: { kind: 'effect_failed', key: 'run_1.hello', reason: 'no_email' },
  exit: { kind: 'exit', reason: 'asked_to' },
};

// What each cell of the table leads to: state, step and effects. '–' is: nothing changes.
const CELLS: Record<RunState, Record<RunEvent['kind'], string>> = {
  entered: {
    due: 'waiting pause',
    answered: '–',
    effect_done: '–',
    effect_failed: '–',
    exit: 'exited -',
  },
  waiting: {
    due: 'asking fork, ask',
    answered: '–',
    effect_done: '–',
    effect_failed: '–',
    exit: 'exited pause',
  },
  asking: {
    due: 'asking fork, ask',
    answered: 'acting hello, send_email',
    effect_done: '–',
    effect_failed: '–',
    exit: 'exited fork',
  },
  acting: {
    due: 'acting hello, send_email',
    answered: '–',
    effect_done: 'acting tips, send_email',
    effect_failed: 'failed hello',
    exit: 'exited hello',
  },
  finished: { due: '–', answered: '–', effect_done: '–', effect_failed: '–', exit: '–' },
  exited: { due: '–', answered: '–', effect_done: '–', effect_failed: '–', exit: '–' },
  failed: { due: '–', answered: '–', effect_done: '–', effect_failed: '–', exit: '–' },
};

describe('every state meets every event', () => {
  const plan = compilePlan(WELCOME);
  const cells = RUN_STATES.flatMap((state) =>
    Object.values(EVENTS).map((event) => [state, event.kind, CELLS[state][event.kind]] as const),
  );
  test.each(cells)('%s × %s: %s', (state, kind, expected) => {
    const run = Object.freeze(at(state));
    const outcome = advance(plan, run, EVENTS[kind], NOW);
    const effects = outcome.effects.map((effect) => `, ${effect.kind}`).join('');
    const same = outcome.run === run && outcome.effects.length + outcome.trace.length === 0;
    const led = `${outcome.run.state} ${outcome.run.node ?? '-'}${effects}`;
    expect(same ? '–' : led).toBe(expected);
  });
});

describe('the way through', () => {
  const plan = compilePlan(WELCOME);

  test('a wait does not end early, whoever says it is due', () => {
    const waiting: Run = { ...at('waiting'), due_at: LATER };
    expect(advance(plan, waiting, { kind: 'due' }, NOW).run).toBe(waiting);
    expect(advance(plan, waiting, { kind: 'due' }, LATER).run.state).toBe('asking');
  });

  test('answers and results about another step change nothing', () => {
    const elsewhere: RunEvent = { kind: 'answered', node: 'other', yes: true, because: null };
    expect(advance(plan, at('asking'), elsewhere, NOW).run).toEqual(at('asking'));
    const stale: RunEvent = { kind: 'effect_done', key: 'run_1.tips', result: 'x' };
    expect(advance(plan, at('acting'), stale, NOW).run).toEqual(at('acting'));
    const foreign: RunEvent = { kind: 'effect_done', key: 'run_2.hello', result: 'x' };
    expect(advance(plan, at('acting'), foreign, NOW).run).toEqual(at('acting'));
  });

  test('an end inside a branch ends the journey, an empty side goes on below', () => {
    const no: RunEvent = { kind: 'answered', node: 'fork', yes: false, because: null };
    expect(advance(plan, at('asking'), no, NOW).run).toMatchObject({ state: 'finished' });
    const open: PlaybookDefinition = {
      entry,
      steps: [
        { id: 'fork', kind: 'branch', condition: everybody, yes: [], no: [] },
        { id: 'tips', kind: 'email', email_id: 2 },
      ],
    };
    const below = advance(compilePlan(open), at('asking'), no, NOW);
    expect(below.effects).toMatchObject([{ kind: 'send_email', email_id: 2 }]);
  });

  test('a playbook without steps is over at once; a step that is gone fails with a reason', () => {
    const empty = compilePlan({ entry, steps: [] });
    expect(advance(empty, at('entered'), { kind: 'due' }, NOW).run.state).toBe('finished');
    const lost = advance(empty, at('waiting'), { kind: 'due' }, NOW);
    expect(lost.run).toMatchObject({ state: 'failed', exit_reason: 'no_such_step' });
  });
});

/** Random trees of steps, with ids that differ. */
const definitions: fc.Arbitrary<PlaybookDefinition> = fc
  .letrec<{ steps: Step[]; step: Step }>((tie) => ({
    steps: fc.array(tie('step'), { maxLength: 4 }),
    step: fc.oneof(
      { maxDepth: 3 },
      fc.record({
        id: fc.constant(''),
        kind: fc.constant('wait'),
        minutes: fc.integer({ min: 1, max: 90 }),
      }),
      fc.record({
        id: fc.constant(''),
        kind: fc.constant('email'),
        email_id: fc.integer({ min: 1, max: 9 }),
      }),
      fc.record({ id: fc.constant(''), kind: fc.constant('end') }),
      fc.record({
        id: fc.constant(''),
        kind: fc.constant('branch'),
        condition: fc.constant(everybody),
        yes: tie('steps'),
        no: tie('steps'),
      }),
    ) as fc.Arbitrary<Step>,
  }))
  .steps.map((steps) => {
    const copy = structuredClone(steps);
    listSteps(copy).forEach(({ step }, index) => {
      step.id = `s${index}`;
    });
    return { entry, steps: copy };
  });

/** Events of any kind about any step, in any order, as often as it likes. */
function eventsFor(plan: Plan): fc.Arbitrary<RunEvent> {
  const node = fc.constantFrom('nowhere', ...plan.nodes.keys());
  return fc.oneof(
    { weight: 4, arbitrary: fc.constant<RunEvent>({ kind: 'due' }) },
    {
      weight: 3,
      arbitrary: fc
        .tuple(node, fc.boolean())
        .map(([id, yes]): RunEvent => ({ kind: 'answered', node: id, yes, because: null })),
    },
    {
      weight: 3,
      arbitrary: node.map((id): RunEvent => ({
        kind: 'effect_done',
        key: effectKey('run_1', id),
        result: id,
      })),
    },
    {
      weight: 1,
      arbitrary: node.map((id): RunEvent => ({
        kind: 'effect_failed',
        key: effectKey('run_1', id),
        reason: 'no_email',
      })),
    },
  );
}

describe('in any order of events', () => {
  test('no step sends under two keys, and none is left and come back to', () => {
    const cases = definitions.chain((definition) => {
      const plan = compilePlan(definition);
      const step = fc.tuple(eventsFor(plan), fc.integer({ min: 0, max: 60 }));
      return fc.tuple(fc.constant(plan), fc.array(step, { maxLength: 80 }));
    });
    fc.assert(
      fc.property(cases, ([plan, events]) => {
        let run = at('entered');
        let now = NOW.getTime();
        const visited: string[] = [];
        const effects: Extract<Effect, { kind: 'send_email' }>[] = [];
        for (const [event, minutes] of events) {
          now += minutes * 60_000;
          const outcome = advance(plan, run, event, new Date(now));
          run = outcome.run;
          if (run.node !== null && visited.at(-1) !== run.node) visited.push(run.node);
          for (const effect of outcome.effects) {
            if (effect.kind === 'send_email') effects.push(effect);
          }
        }
        expect(new Set(visited).size).toBe(visited.length);
        // The outbox keeps one row a key; a key that stands for two things would lose one of them.
        const meaning = new Map(effects.map((effect) => [effect.key, effect]));
        for (const effect of effects) expect(meaning.get(effect.key)).toEqual(effect);
        const nodes = new Set(effects.map((effect) => effect.node));
        expect(meaning.size).toBe(nodes.size);
      }),
      { numRuns: 500 },
    );
  });

  test('when the world answers, every run comes to its end', () => {
    fc.assert(
      fc.property(definitions, fc.infiniteStream(fc.boolean()), (definition, answers) => {
        const plan = compilePlan(definition);
        let run = at('entered');
        let now = NOW;
        let rounds = 0;
        let event: RunEvent = { kind: 'due' };
        while (run.due_at !== null) {
          rounds += 1;
          expect(rounds).toBeLessThan(2 * plan.nodes.size + 3);
          const outcome = advance(plan, run, event, now);
          run = outcome.run;
          const [effect] = outcome.effects;
          event = { kind: 'due' };
          if (effect?.kind === 'ask') {
            const yes = answers.next().value as boolean;
            event = { kind: 'answered', node: effect.node, yes, because: null };
          }
          if (effect?.kind === 'send_email') {
            event = { kind: 'effect_done', key: effect.key, result: effect.key };
          }
          if (run.state === 'waiting') now = run.due_at ?? now;
        }
        expect(run.state).toBe('finished');
      }),
    );
  });
});
