import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestContext } from '../../test/support/database.ts';
import type { TestContext } from '../../test/support/database.ts';
import { recordActivities } from '../activities/index.ts';
import { startMailSink } from '../messages/fixtures/mail-sink.ts';
import type { MailSink } from '../messages/fixtures/mail-sink.ts';
import { clearTables, dyingContext, seedPerson } from '../messages/fixtures/people.ts';
import {
  createSmtpMailer,
  listOutbox,
  removeEmail,
  saveEmail,
  sendDueMail,
} from '../messages/index.ts';
import { sql } from '../platform/index.ts';
import {
  advanceDueRuns,
  enterPlaybooks,
  getPlaybook,
  getRun,
  listPersonRuns,
  listPlaybooks,
  listRuns,
  removePlaybook,
  savePlaybook,
  switchPlaybook,
} from './index.ts';
import type { PlaybookDefinition, Step } from './index.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const never = new AbortController().signal;
let ctx: TestContext;
let email_id: number;

beforeAll(async () => {
  ctx = await createTestContext();
});
beforeEach(async () => {
  ctx.clock.set(new Date('2026-03-01T12:00:00Z'));
  const saved = await saveEmail(ctx, {
    name: 'Welcome',
    class: 'transactional',
    subject: 'Welcome to {{ activity.plan }}',
    source:
      '<mjml><mj-body><mj-section><mj-column><mj-text>Hi {{ person.first_name }}</mj-text></mj-column></mj-section></mj-body></mjml>',
  });
  if (!saved.ok) throw new Error(saved.problems[0]?.sentence);
  email_id = saved.email.id;
  for (const person_id of [1, 2, 3]) await seedPerson(ctx, { person_id });
});
afterEach(async () => await clearTables(ctx));
afterAll(async () => await ctx.close());

function welcome(change: Partial<PlaybookDefinition> = {}): PlaybookDefinition {
  return {
    entry: { kind: 'activity', activity: 'subscription_started', first_only: true },
    steps: [
      { id: 'pause', kind: 'wait', minutes: 60 },
      { id: 'hello', kind: 'email', email_id },
    ],
    ...change,
  };
}

async function livePlaybook(definition = welcome()): Promise<number> {
  const saved = await savePlaybook(ctx, { name: 'Welcome new customers', definition });
  if (!saved.ok) throw new Error(saved.problems[0]?.sentence);
  await switchPlaybook(ctx, saved.playbook.id, 'live');
  return saved.playbook.id;
}

/** Something happens to a person, now or minutes ago. */
async function happen(person_id: number, key: string, minutesAgo = 0): Promise<void> {
  await recordActivities(ctx, [
    {
      key,
      type: 'subscription_started',
      occurred_at: new Date(ctx.clock.now().getTime() - minutesAgo * MINUTE),
      customer: null,
      object_id: 'sub_1',
      amount_minor: 4900,
      currency: 'eur',
      attributes: { plan: 'Team', seats: 3 },
      person_id,
      source_id: 1,
    },
  ]);
}

async function mailIds(): Promise<string[]> {
  return (await listOutbox(ctx, { limit: 500 })).rows.map((row) => row.id);
}

describe('entering', () => {
  test('who starts a first subscription after going live enters once, however often it is looked at', async () => {
    const id = await livePlaybook();
    await happen(1, 'a');
    expect(await enterPlaybooks(ctx, [1, 2, 3])).toBe(1);
    expect(await enterPlaybooks(ctx, [1, 2, 3])).toBe(0);
    const { rows } = await listRuns(ctx, id);
    expect(rows).toMatchObject([
      { person_id: 1, state: 'entered', playbook_name: 'Welcome new customers' },
    ]);
  });

  test('nobody enters for what happened before going live, whenever it becomes known', async () => {
    await livePlaybook();
    await happen(1, 'old', 1);
    expect(await enterPlaybooks(ctx, [1])).toBe(0);
    ctx.clock.advance(HOUR);
    await happen(1, 'second'); // not the first of its kind in this life
    expect(await enterPlaybooks(ctx, [1])).toBe(0);
  });

  test('a later first that turns up does not let the same person in again', async () => {
    await livePlaybook();
    ctx.clock.advance(HOUR);
    await happen(1, 'late');
    expect(await enterPlaybooks(ctx, [1])).toBe(1);
    await happen(1, 'earlier', 30);
    expect(await enterPlaybooks(ctx, [1])).toBe(0);
  });

  test('every time means one run an activity', async () => {
    await livePlaybook(
      welcome({ entry: { kind: 'activity', activity: 'subscription_started', first_only: false } }),
    );
    await happen(1, 'a');
    await happen(1, 'b');
    expect(await enterPlaybooks(ctx, [1])).toBe(2);
    expect(await enterPlaybooks(ctx, [1])).toBe(0);
  });

  test('a filter looks at the attributes of the activity', async () => {
    const entry = { kind: 'activity', activity: 'subscription_started', first_only: true } as const;
    await livePlaybook(welcome({ entry: { ...entry, filter: { plan: 'Solo' } } }));
    await livePlaybook(welcome({ entry: { ...entry, filter: { plan: 'Team', seats: 3 } } }));
    await happen(1, 'a');
    expect(await enterPlaybooks(ctx, [1])).toBe(1);
  });

  test('off lets nobody in and begins anew; a pause lets people in and leaves no gap', async () => {
    const id = await livePlaybook();
    await switchPlaybook(ctx, id, 'off');
    ctx.clock.advance(MINUTE);
    await happen(1, 'while off');
    expect(await enterPlaybooks(ctx, [1])).toBe(0);
    ctx.clock.advance(MINUTE);
    await switchPlaybook(ctx, id, 'live');
    expect(await enterPlaybooks(ctx, [1])).toBe(0);
    await switchPlaybook(ctx, id, 'paused');
    ctx.clock.advance(MINUTE);
    await happen(2, 'while paused');
    expect(await enterPlaybooks(ctx, [2])).toBe(1);
    await switchPlaybook(ctx, id, 'live');
    expect(await enterPlaybooks(ctx, [2])).toBe(0);
  });

  test('two lookers at once let a person in once', async () => {
    await livePlaybook();
    await happen(1, 'a');
    const entered = await Promise.all([1, 2, 3].map(async () => await enterPlaybooks(ctx, [1])));
    expect(entered.reduce((sum, n) => sum + n, 0)).toBe(1);
  });

  test('a person who was merged does not get a second welcome as the other one', async () => {
    await livePlaybook();
    await happen(1, 'a');
    await enterPlaybooks(ctx, [1]);
    ctx.clock.advance(HOUR);
    await advanceDueRuns(ctx, never);
    await sql`update people set merged_into = 2 where person_id = 1`.execute(ctx.db);
    await sql`update activities set person_id = 2 where person_id = 1`.execute(ctx.db);
    await happen(2, 'b', 30);
    expect(await enterPlaybooks(ctx, [2])).toBe(0);
    expect(await listPersonRuns(ctx, 2)).toHaveLength(1);
  });
});

describe('moving on', () => {
  test('the welcome mail goes out after an hour, and the trace says so', async () => {
    const id = await livePlaybook();
    await happen(1, 'a');
    await enterPlaybooks(ctx, [1]);
    expect(await advanceDueRuns(ctx, never)).toBe(1);
    expect(await advanceDueRuns(ctx, never)).toBe(0);
    expect(await mailIds()).toEqual([]);
    const [waiting] = (await listRuns(ctx, id)).rows;
    expect(await getRun(ctx, waiting!.id)).toMatchObject({ now_at: 'Wait 1 hour' });
    expect((await getPlaybook(ctx, id)).nodes).toMatchObject([
      { step_id: 'pause', title: 'Wait 1 hour', here: 1, reached: 1 },
      { step_id: 'hello', title: 'Send “Welcome”', here: 0, reached: 0 },
    ]);
    ctx.clock.advance(HOUR - 1);
    expect(await advanceDueRuns(ctx, never)).toBe(0);
    ctx.clock.advance(1);
    expect(await advanceDueRuns(ctx, never)).toBe(1);
    const run = await getRun(ctx, waiting!.id);
    expect(run).toMatchObject({
      state: 'finished',
      now_at: null,
      mails: [{ subject: 'Welcome to Team' }],
    });
    expect(run.steps.map((line) => line.sentence)).toEqual([
      expect.stringMatching(/^Entered because of “.+” on 1 March 2026/),
      expect.stringMatching(/^Waits 1 hour, until 1 March 2026 at 13:00 UTC\.$/),
      'Put “Welcome” into the outbox.',
      'Reached the end.',
    ]);
    await sendDueMail(ctx, null, never);
    expect(await listPlaybooks(ctx)).toMatchObject([
      { id, entered: 1, under_way: 0, finished: 1, mails_kept: 1, mails_sent: 0 },
    ]);
  });

  test('a branch asks at the moment the person is there', async () => {
    const condition = { field: 'subscription_status', operator: 'is', value: 'active' } as const;
    const steps: Step[] = [
      {
        id: 'fork',
        kind: 'branch',
        condition,
        yes: [{ id: 'hello', kind: 'email', email_id }],
        no: [{ id: 'stop', kind: 'end' }],
      },
    ];
    await livePlaybook(welcome({ steps }));
    await sql`update person_state set subscription_status = 'canceled' where person_id = 2`.execute(
      ctx.db,
    );
    await happen(1, 'a');
    await happen(2, 'b');
    await enterPlaybooks(ctx, [1, 2]);
    await advanceDueRuns(ctx, never);
    expect((await listOutbox(ctx)).rows.map((row) => row.person_id)).toEqual([1]);
    const [run] = await listPersonRuns(ctx, 2);
    expect((await getRun(ctx, run!.id)).steps[1]?.sentence).toMatch(/^No: .*active/);
  });

  test('paused and off hold people where they are and lose no one', async () => {
    const id = await livePlaybook();
    await happen(1, 'a');
    await enterPlaybooks(ctx, [1]);
    await advanceDueRuns(ctx, never);
    for (const state of ['paused', 'off'] as const) {
      await switchPlaybook(ctx, id, state);
      ctx.clock.advance(HOUR);
      expect(await advanceDueRuns(ctx, never)).toBe(0);
    }
    await switchPlaybook(ctx, id, 'live');
    expect(await advanceDueRuns(ctx, never)).toBe(1);
    expect(await mailIds()).toHaveLength(1);
  });

  test('people under way stay on the version they entered', async () => {
    const id = await livePlaybook();
    await happen(1, 'a');
    await enterPlaybooks(ctx, [1]);
    const changed = await savePlaybook(ctx, {
      id,
      name: 'Welcome new customers',
      definition: welcome({ steps: [{ id: 'hello', kind: 'email', email_id }] }),
    });
    expect(changed).toMatchObject({ ok: true, playbook: { version: 2, state: 'live' } });
    const same = await savePlaybook(ctx, {
      id,
      name: 'Renamed',
      definition: (await getPlaybook(ctx, id)).definition,
    });
    expect(same).toMatchObject({ ok: true, playbook: { version: 2, name: 'Renamed' } });
    await happen(2, 'b');
    await enterPlaybooks(ctx, [2]);
    await advanceDueRuns(ctx, never);
    expect((await listOutbox(ctx)).rows.map((row) => row.person_id)).toEqual([2]);
  });

  test('a run goes on with the person its own turned out to be', async () => {
    await livePlaybook();
    await happen(1, 'a');
    await enterPlaybooks(ctx, [1]);
    await advanceDueRuns(ctx, never);
    await sql`update people set merged_into = 2 where person_id = 1`.execute(ctx.db);
    ctx.clock.advance(HOUR);
    await advanceDueRuns(ctx, never);
    expect((await listOutbox(ctx)).rows).toMatchObject([
      { person_id: 2, to_address: 'person2@example.com' },
    ]);
    const [run] = await listPersonRuns(ctx, 2);
    expect((await getRun(ctx, run!.id)).steps.map((line) => line.what)).toContain('person_merged');
  });

  test('a removed playbook ends for everyone, with the reason', async () => {
    const id = await livePlaybook();
    await happen(1, 'a');
    await enterPlaybooks(ctx, [1]);
    await removePlaybook(ctx, id);
    const [run] = await listPersonRuns(ctx, 1);
    expect(await getRun(ctx, run!.id)).toMatchObject({
      state: 'exited',
      ended_because: 'the playbook was removed',
    });
    expect(await listPlaybooks(ctx)).toEqual([]);
    expect(await advanceDueRuns(ctx, never)).toBe(0);
  });
});

describe('killed or doubled workers', () => {
  let sink: MailSink;
  beforeAll(async () => {
    sink = await startMailSink();
  });
  afterAll(async () => await sink.close());

  test('killed before any statement, from entry to mail: one run, one mail, a trace without gaps', async () => {
    await livePlaybook();
    for (let statements = 0; ; statements += 1) {
      const person_id = 100 + statements;
      await seedPerson(ctx, { person_id });
      await happen(person_id, `start ${person_id}`);
      let killed = false;
      const tryWith = async (one: TestContext | ReturnType<typeof dyingContext>): Promise<void> => {
        await enterPlaybooks(one, [person_id]);
        await advanceDueRuns(one, never);
        ctx.clock.advance(HOUR);
        await advanceDueRuns(one, never);
      };
      await tryWith(dyingContext(ctx, statements)).catch(() => {
        killed = true;
      });
      await tryWith(ctx);
      const runs = await listPersonRuns(ctx, person_id);
      expect(runs).toMatchObject([{ state: 'finished' }]);
      const run = await getRun(ctx, runs[0]!.id);
      expect(run.mails).toHaveLength(1);
      expect(run.steps.map((line) => line.seq)).toEqual([1, 2, 3, 4]);
      expect(run.steps.map((line) => line.what)).toEqual([
        'entered',
        'waiting',
        'email_queued',
        'finished',
      ]);
      if (!killed) break;
      expect(statements).toBeLessThan(200);
    }
  });

  test('three workers at once: 400 people, each moved once, each mailed once', async () => {
    await livePlaybook(welcome({ steps: [{ id: 'hello', kind: 'email', email_id }] }));
    const ids = Array.from({ length: 400 }, (_, index) => 1000 + index);
    for (const person_id of ids) await seedPerson(ctx, { person_id });
    for (const person_id of ids) await happen(person_id, `start ${person_id}`);
    expect(await enterPlaybooks(ctx, ids)).toBe(400);
    const mailer = createSmtpMailer({ smtp_url: sink.url });
    let moved = 0;
    const work = async (): Promise<void> => {
      for (;;) {
        const done = await advanceDueRuns(ctx, never);
        moved += done;
        if (done + (await sendDueMail(ctx, mailer, never)) === 0) return;
      }
    };
    await Promise.all([work(), work(), work()]);
    await work();
    await mailer.close();
    expect(moved).toBe(400);
    const messages = sink.received.map(({ parsed }) => parsed.messageId);
    expect(messages).toHaveLength(400);
    expect(new Set(messages).size).toBe(400);
    expect(new Set(sink.received.map((mail) => mail.envelope_to[0])).size).toBe(400);
  });
});

describe('what an author is told', () => {
  const hello = { id: 'hello', kind: 'email' } as const;
  test.each<[string, unknown, string | null, RegExp]>([
    ['nothing', null, null, /activity that lets people in/],
    [
      'an unknown activity',
      { entry: { kind: 'activity', activity: 'sneezed', first_only: true }, steps: [] },
      null,
      /no activity called “sneezed”/,
    ],
    [
      'a wait of nothing',
      welcome({ steps: [{ id: 'pause', kind: 'wait', minutes: 0 }] }),
      'pause',
      /whole minutes/,
    ],
    [
      'an e-mail that is gone',
      welcome({ steps: [{ ...hello, email_id: 999 }] }),
      'hello',
      /does not exist/,
    ],
    [
      'a step of an unknown kind',
      welcome({ steps: [{ id: 'x', kind: 'dance' } as unknown as Step] }),
      'x',
      /A step is a wait/,
    ],
    [
      'two steps of one name',
      welcome({
        steps: [
          { id: 'x', kind: 'wait', minutes: 1 },
          { id: 'x', kind: 'end' },
        ],
      }),
      'x',
      /Two steps/,
    ],
    [
      'a step below an end',
      welcome({
        steps: [
          { id: 'x', kind: 'end' },
          { id: 'y', kind: 'wait', minutes: 1 },
        ],
      }),
      'y',
      /never reached/,
    ],
    [
      'a branch that asks nonsense',
      welcome({
        steps: [
          { id: 'b', kind: 'branch', condition: { field: 'shoe_size' } as never, yes: [], no: [] },
        ],
      }),
      'b',
      /shoe_size/,
    ],
  ])('%s', async (_, definition, step_id, sentence) => {
    const saved = await savePlaybook(ctx, { name: 'x', definition });
    expect(saved).toMatchObject({
      ok: false,
      problems: [{ step_id, sentence: expect.stringMatching(sentence) }],
    });
    expect(await listPlaybooks(ctx)).toEqual([]);
  });

  test('a playbook without steps, or whose e-mail was removed, cannot go live', async () => {
    const empty = await savePlaybook(ctx, { name: 'x', definition: welcome({ steps: [] }) });
    if (!empty.ok) throw new Error('not saved');
    await expect(switchPlaybook(ctx, empty.playbook.id, 'live')).rejects.toThrow(/no steps/);
    const saved = await savePlaybook(ctx, { name: 'y', definition: welcome() });
    if (!saved.ok) throw new Error('not saved');
    await removeEmail(ctx, email_id);
    await expect(switchPlaybook(ctx, saved.playbook.id, 'live')).rejects.toThrow(/does not exist/);
    await expect(switchPlaybook(ctx, 999, 'live')).rejects.toMatchObject({ code: 'not_found' });
  });
});
