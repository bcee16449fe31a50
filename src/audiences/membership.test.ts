import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestContext } from '../../test/support/database.ts';
import type { TestContext } from '../../test/support/database.ts';
import { takeMarks } from '../people/index.ts';
import { inTransaction, sql } from '../platform/index.ts';
import type { Definition } from './definition.ts';
import { person } from './fixtures/person.ts';
import { NOW, savePeople, seedWorld } from './fixtures/world.ts';
import {
  buildAudiences,
  evaluateAudiences,
  explainMembership,
  findMatches,
  getAudience,
  listAudiences,
  listMembers,
  listPersonAudiences,
  previewAudience,
  removeAudience,
  saveAudience,
  sweepInstants,
} from './index.ts';

let ctx: TestContext;
beforeAll(async () => {
  ctx = await createTestContext({ now: NOW });
});
afterAll(async () => await ctx.close());
beforeEach(async () => {
  ctx.clock.set(NOW);
  await seedWorld(ctx, []);
});

const HOUR = 3_600_000;
const onTrial: Definition = { field: 'trialing_subscriptions', operator: 'gt', value: 0 };
const trialing = { trialing_subscriptions: 1, subscription_status: 'trialing' };

async function makeAudience(definition: Definition): Promise<number> {
  const { id } = await saveAudience(ctx, { name: 'Some people', definition });
  await buildAudiences(ctx);
  return id;
}

async function evaluate(...ids: number[]) {
  return await inTransaction(ctx, async (tx) => await evaluateAudiences(tx, ids));
}

async function memberIds(audienceId: number): Promise<number[]> {
  const { rows } = await listMembers(ctx, audienceId);
  return rows.map((row) => row.person_id).toSorted((a, b) => a - b);
}

/** Everything the clock has made due, as the worker would do it. */
async function letTimeWork(): Promise<void> {
  await sweepInstants(ctx);
  await inTransaction(ctx, async (tx) => {
    await evaluateAudiences(tx, await takeMarks(tx, 100));
  });
}

describe('on a trial', () => {
  test('people enter with the trial and leave with it; doing it twice changes nothing', async () => {
    await savePeople(ctx, [person(1, trialing), person(2)]);
    const id = await makeAudience(onTrial);
    expect(await memberIds(id)).toEqual([1]);

    await savePeople(ctx, [person(1), person(2, trialing)]);
    expect(await evaluate(1, 2)).toEqual([
      { audience_id: id, person_id: 2, change: 'entered' },
      { audience_id: id, person_id: 1, change: 'left' },
    ]);
    expect(await evaluate(1, 2)).toEqual([]);
    expect(await memberIds(id)).toEqual([2]);
    expect(await listPersonAudiences(ctx, 1)).toEqual([
      { audience_id: id, name: 'Some people', entered_at: NOW, left_at: NOW },
    ]);
  });

  test('a clock that lags behind another process makes no interval overlap another', async () => {
    await savePeople(ctx, [person(1, trialing)]);
    const id = await makeAudience(onTrial);
    ctx.clock.advance(HOUR);
    await savePeople(ctx, [person(1)]);
    await evaluate(1);
    ctx.clock.set(new Date(NOW.getTime() + HOUR / 2));
    await savePeople(ctx, [person(1, trialing)]);
    await evaluate(1);
    ctx.clock.set(NOW);
    await savePeople(ctx, [person(1)]);
    await evaluate(1);
    const left = new Date(NOW.getTime() + HOUR);
    const { rows } = await sql`
      select entered_at, left_at from audience_members where audience_id = ${id} order by entered_at`.execute(
      ctx.db,
    );
    expect(rows).toEqual([
      { entered_at: NOW, left_at: left },
      { entered_at: left, left_at: left },
    ]);
  });

  test('it is about the state: the clock alone changes nothing', async () => {
    await savePeople(ctx, [
      person(1, { ...trialing, trial_ends_at: new Date(NOW.getTime() + HOUR) }),
    ]);
    const id = await makeAudience(onTrial);
    ctx.clock.advance(48 * HOUR);
    expect(await sweepInstants(ctx)).toBe(0);
    await letTimeWork();
    expect(await memberIds(id)).toEqual([1]);
  });

  test('who was merged into another person is in no audience', async () => {
    await savePeople(ctx, [person(1, trialing)]);
    const id = await makeAudience(onTrial);
    await savePeople(ctx, [{ ...person(1, trialing), merged_into: 2 }]);
    expect(await evaluate(1)).toEqual([{ audience_id: id, person_id: 1, change: 'left' }]);
    expect((await getAudience(ctx, id)).size).toBe(0);
  });
});

describe('on time', () => {
  test('a trial that ends within 3 days: in and out at the very instant, although nothing happens', async () => {
    const ends = new Date(NOW.getTime() + 100 * HOUR);
    await savePeople(ctx, [person(1, { trial_ends_at: ends })]);
    const id = await makeAudience({ field: 'trial_ends_at', operator: 'within_next', days: 3 });
    const opens = new Date(ends.getTime() - 72 * HOUR);

    const seen: [number, number[]][] = [];
    for (const at of [opens.getTime() - 1, opens.getTime(), ends.getTime() - 1, ends.getTime()]) {
      ctx.clock.set(new Date(at));
      await letTimeWork();
      seen.push([at, await memberIds(id)]);
    }
    expect(seen.map(([, members]) => members)).toEqual([[], [1], [1], []]);
    expect(await listPersonAudiences(ctx, 1)).toMatchObject([{ entered_at: opens, left_at: ends }]);
    expect(await sweepInstants(ctx)).toBe(0);
  });

  test('three charges in 30 days hold until the first of them is 30 days old', async () => {
    const charge = (day: number) => ({
      type: 'charge' as const,
      occurred_at: new Date(NOW.getTime() - day * 24 * HOUR),
      amount_minor: 100,
      currency: 'usd',
    });
    await savePeople(ctx, [person(1, {}, [charge(29), charge(20), charge(10)])]);
    const id = await makeAudience({
      activity: 'charge',
      operator: 'at_least',
      times: 3,
      within: { last_days: 30 },
    });
    ctx.clock.advance(24 * HOUR - 1);
    await letTimeWork();
    expect(await memberIds(id)).toEqual([1]);
    ctx.clock.advance(1);
    await letTimeWork();
    expect(await memberIds(id)).toEqual([]);
  });

  test('an instant follows the fact it waits for, and goes when there is nothing to wait for', async () => {
    const after = (hours: number) => new Date(NOW.getTime() + hours * HOUR);
    const listDue = async () =>
      (await sql<{ due_at: Date }>`select due_at from audience_instants`.execute(ctx.db)).rows.map(
        (row) => row.due_at,
      );
    await savePeople(ctx, [person(1, { trial_ends_at: after(1_000) })]);
    const id = await makeAudience({ field: 'trial_ends_at', operator: 'within_next', days: 3 });
    expect(await listDue()).toEqual([after(1_000 - 72)]);

    await savePeople(ctx, [person(1, { trial_ends_at: after(50) })]);
    await evaluate(1);
    expect(await listDue()).toEqual([after(50)]);
    ctx.clock.set(after(50));
    await letTimeWork();
    expect(await memberIds(id)).toEqual([]);
    expect(await listDue()).toEqual([]);

    await savePeople(ctx, [person(1, { trial_ends_at: after(60) })]);
    await evaluate(1);
    expect(await listDue()).toEqual([after(60)]);
    await savePeople(ctx, [person(1)]);
    await evaluate(1);
    expect(await listDue()).toEqual([]);
  });

  test('a sweep marks each person once, however many audiences wait', async () => {
    const soon = new Date(NOW.getTime() + HOUR);
    await savePeople(ctx, [person(1, { trial_ends_at: soon, renews_at: soon })]);
    await makeAudience({ field: 'trial_ends_at', operator: 'within_next', days: 3 });
    await makeAudience({ field: 'renews_at', operator: 'within_next', days: 3 });
    ctx.clock.advance(HOUR);
    expect(await sweepInstants(ctx)).toBe(2);
    expect(await inTransaction(ctx, async (tx) => await takeMarks(tx, 10))).toEqual([1]);
  });
});

describe('building', () => {
  test('a build waits for an evaluation under way and sees what it wrote', async () => {
    await savePeople(ctx, [person(1), person(2)]);
    const { id } = await saveAudience(ctx, { name: 'Trials', definition: onTrial });
    let build: Promise<number> | undefined;
    await inTransaction(ctx, async (tx) => {
      await savePeople(tx, [person(2, trialing)]);
      expect(await evaluateAudiences(tx, [2])).toEqual([]); // not built yet, so not its business
      build = buildAudiences(ctx);
      const waiting = sql<{ n: number }>`
        select count(*)::int n from pg_locks where locktype = 'advisory' and not granted
           and database = (select oid from pg_database where datname = current_database())`;
      await expect.poll(async () => (await waiting.execute(ctx.db)).rows[0]!.n).toBe(1);
    });
    expect(await build).toBe(1);
    expect(await memberIds(id)).toEqual([2]);
    expect(await buildAudiences(ctx)).toBe(0);
  });

  test('a changed definition moves people at the next build; a changed name does not ask for one', async () => {
    await savePeople(ctx, [person(1, trialing), person(2, { active_subscriptions: 1 })]);
    const id = await makeAudience(onTrial);
    await saveAudience(ctx, { id, name: 'Trials', definition: onTrial });
    expect(await buildAudiences(ctx)).toBe(0);

    ctx.clock.advance(HOUR);
    const definition = { field: 'active_subscriptions', operator: 'gte', value: 1 };
    await saveAudience(ctx, { id, name: 'Trials', definition });
    expect((await getAudience(ctx, id)).built_at).toBeNull();
    expect(await memberIds(id)).toEqual([1]);
    await buildAudiences(ctx);
    expect(await memberIds(id)).toEqual([2]);
  });

  test('a removed audience has no members, is not found and gives up its template key', async () => {
    await savePeople(ctx, [person(1, trialing)]);
    const draft = { name: 'Trials', definition: onTrial, template_key: 'audience/test' };
    const { id } = await saveAudience(ctx, draft);
    await buildAudiences(ctx);
    await removeAudience(ctx, id);
    expect(await listAudiences(ctx)).toEqual([]);
    await expect(getAudience(ctx, id)).rejects.toMatchObject({ code: 'audience_not_found' });
    expect(await evaluate(1)).toEqual([]);

    const again = await saveAudience(ctx, draft);
    expect(again.id).not.toBe(id);
    expect((await saveAudience(ctx, { ...draft, name: 'On trial' })).id).toBe(again.id);
    await buildAudiences(ctx);
    expect(await listPersonAudiences(ctx, 1)).toMatchObject([{ audience_id: again.id }]);
  });

  test('what cannot be asked is refused with a sentence', async () => {
    const draft = { name: 'Odd', definition: { field: 'plan', operator: 'gt', value: 1 } };
    await expect(saveAudience(ctx, draft)).rejects.toMatchObject({
      code: 'invalid_audience',
      message: 'Plan cannot be asked with “gt”.',
    });
    await expect(saveAudience(ctx, { name: ' ', definition: { all: [] } })).rejects.toMatchObject({
      code: 'invalid_audience',
    });
  });
});

describe('reading', () => {
  test('members come in pages, newest first, each once', async () => {
    await savePeople(
      ctx,
      Array.from({ length: 23 }, (_, index) => person(index + 1)),
    );
    const id = await makeAudience({ all: [] });
    ctx.clock.advance(HOUR);
    await savePeople(ctx, [person(50)]);
    await evaluate(50);
    const pages: number[][] = [];
    let cursor: string | null = null;
    do {
      const page = await listMembers(ctx, id, { limit: 10, cursor });
      pages.push(page.rows.map((row) => row.person_id));
      cursor = page.next_cursor;
    } while (cursor);
    expect(pages.map((page) => page.length)).toEqual([10, 10, 4]);
    expect(pages[0]![0]).toBe(50);
    expect(new Set(pages.flat()).size).toBe(24);
    expect((await listAudiences(ctx))[0]).toMatchObject({ id, size: 24, sentence: 'Everybody.' });
    await expect(listMembers(ctx, id, { cursor: 'x' })).rejects.toMatchObject({
      code: 'invalid_cursor',
    });
  });

  test('a preview counts exactly, estimates from a sixteenth, shows five people and stores nothing', async () => {
    await savePeople(
      ctx,
      Array.from({ length: 200 }, (_, index) => person(index + 1, index < 120 ? trialing : {})),
    );
    const preview = await previewAudience(ctx, onTrial);
    expect(preview.count).toBe(120);
    const { rows } = await sql<{ n: number }>`
      select count(*)::int n from people_0 where person_id <= 120`.execute(ctx.db);
    expect(rows[0]!.n).toBeGreaterThan(0);
    expect(preview.estimate).toBe(rows[0]!.n * 16);
    expect(preview.sample.map((one) => one.person_id)).toEqual([120, 119, 118, 117, 116]);
    expect(preview.sql.values).toContain(0);
    expect((await previewAudience(ctx, onTrial, { exact: false })).count).toBeNull();
    expect(await listAudiences(ctx)).toEqual([]);
  });

  test('why somebody is in or out: each condition with what is so', async () => {
    await savePeople(ctx, [
      person(1, { plan: 'Basic', mrr_minor: 4_900, currency: 'eur' }, [
        {
          type: 'charge',
          occurred_at: new Date('2026-02-20T00:00:00Z'),
          amount_minor: 4_900,
          currency: 'eur',
        },
      ]),
    ]);
    const id = await makeAudience({
      all: [
        { field: 'plan', operator: 'is', value: 'Pro' },
        { field: 'mrr_minor', operator: 'gte', value: 4_900, currency: 'eur' },
        { activity: 'charge', operator: 'at_least', times: 2, within: { last_days: 30 } },
        { activity: 'charge', operator: 'sum_over', amount_minor: 100, currency: 'eur' },
        { not: { field: 'country', operator: 'has_value' } },
      ],
    });
    const why = await explainMembership(ctx, id, 1);
    expect(why).toMatchObject({ matches: false, member_since: null });
    expect(why.explanation).toMatchObject({
      kind: 'all',
      parts: [
        { matches: false, sentence: 'whose plan is “Pro”', actual: '“Basic”' },
        { matches: true, sentence: 'whose MRR is at least €49.00', actual: '€49.00' },
        { matches: false, actual: '1 time, last on 20 Feb 2026' },
        { matches: true, actual: '€49.00' },
        { kind: 'not', matches: true, parts: [{ matches: false, actual: 'not known' }] },
      ],
    });
    await expect(explainMembership(ctx, id, 99)).rejects.toMatchObject({
      code: 'person_not_found',
    });
  });

  test('a definition can be asked about given people without being saved', async () => {
    await savePeople(ctx, [person(1, trialing), person(2)]);
    expect(await findMatches(ctx, onTrial, [1, 2, 3])).toEqual(new Set([1]));
    expect(await findMatches(ctx, onTrial, [])).toEqual(new Set());
  });
});
