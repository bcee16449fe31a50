import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestContext } from '../../test/support/database.ts';
import type { TestContext } from '../../test/support/database.ts';
import { markPeople, takeMarks } from '../people/index.ts';
import { inTransaction, sql } from '../platform/index.ts';
import { naivelyMatches } from './fixtures/naive-evaluator.ts';
import {
  NOW,
  activityArbitrary,
  definitionArbitrary,
  fieldsArbitrary,
  savePeople,
  seedWorld,
  worldArbitrary,
} from './fixtures/world.ts';
import type { WorldPerson } from './fixtures/world.ts';
import {
  buildAudiences,
  evaluateAudiences,
  explainMembership,
  saveAudience,
  sweepInstants,
} from './index.ts';
import type { Audience } from './index.ts';

let ctx: TestContext;
beforeAll(async () => {
  ctx = await createTestContext({ now: NOW });
});
afterAll(async () => await ctx.close());

const step = fc.oneof(
  fc.record({ kind: fc.constant('fields' as const), who: fc.nat(), fields: fieldsArbitrary }),
  fc.record({ kind: fc.constant('activity' as const), who: fc.nat(), done: activityArbitrary }),
  fc.record({ kind: fc.constant('merge' as const), who: fc.nat() }),
  fc.record({ kind: fc.constant('clock' as const), hours: fc.integer({ min: 0, max: 24 * 20 }) }),
  fc.record({ kind: fc.constant('look' as const), limit: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ kind: fc.constant('edit' as const), which: fc.nat() }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

async function lookAgain(limit: number): Promise<number> {
  return await inTransaction(ctx, async (tx) => {
    const ids = await takeMarks(tx, limit);
    await evaluateAudiences(tx, ids);
    return ids.length;
  });
}

async function take(one: Step, world: WorldPerson[], audiences: Audience[]): Promise<void> {
  switch (one.kind) {
    case 'clock':
      ctx.clock.advance(one.hours * 3_600_000);
      await sweepInstants(ctx);
      return;
    case 'look':
      await lookAgain(one.limit);
      return;
    case 'edit': {
      // Two audiences change places: each is built anew over the intervals of the other.
      const [a, b] = [audiences[one.which % audiences.length]!, audiences[0]!];
      [a.definition, b.definition] = [b.definition, a.definition];
      for (const { id, name, definition } of [a, b])
        await saveAudience(ctx, { id, name, definition });
      await buildAudiences(ctx);
      return;
    }
    case 'fields':
    case 'activity':
    case 'merge': {
      const person = world[one.who % world.length]!;
      if (one.kind === 'fields') person.fields = one.fields;
      else if (one.kind === 'activity') person.activities.push(one.done);
      else person.merged_into = 1_000;
      await inTransaction(ctx, async (tx) => {
        await savePeople(tx, [person]);
        await markPeople(tx, [person.person_id]);
      });
    }
  }
}

async function listOpen(audienceId: number): Promise<number[]> {
  const { rows } = await sql<{ person_id: number }>`
    select person_id from audience_members where audience_id = ${audienceId} and left_at is null order by 1`.execute(
    ctx.db,
  );
  return rows.map((row) => row.person_id);
}

test('membership after any order of changes and any passing of time is a fresh evaluation, and is explained', async () => {
  await fc.assert(
    fc.asyncProperty(
      worldArbitrary,
      fc.array(definitionArbitrary, { minLength: 4, maxLength: 4 }),
      fc.array(step, { maxLength: 25 }),
      async (world, definitions, steps) => {
        ctx.clock.set(NOW);
        await seedWorld(ctx, world);
        const audiences: Audience[] = [];
        for (const definition of definitions)
          audiences.push(await saveAudience(ctx, { name: 'Under test', definition }));
        await buildAudiences(ctx);
        for (const one of steps) await take(one, world, audiences);
        while ((await sweepInstants(ctx)) + (await lookAgain(3)) > 0);

        const now = ctx.clock.now();
        for (const { id, definition } of audiences) {
          const members = world.filter((person) => naivelyMatches(definition, person, now));
          expect(await listOpen(id)).toEqual(members.map((person) => person.person_id));
          const someone = world.find((person) => person.merged_into === null);
          if (!someone) continue;
          const why = await explainMembership(ctx, id, someone.person_id);
          expect(why.matches).toBe(members.includes(someone));
          expect(why.member_since !== null).toBe(why.matches);
        }
        await expectSoundIntervals();
      },
    ),
    { numRuns: 25 },
  );
}, 180_000);

async function expectSoundIntervals(): Promise<void> {
  const { rows } = await sql`
    select a.audience_id, a.person_id, a.entered_at, a.left_at
      from audience_members a
     where a.left_at < a.entered_at
        or exists (select from audience_members b
                    where b.audience_id = a.audience_id and b.person_id = a.person_id
                      and b.entered_at > a.entered_at and b.entered_at < coalesce(a.left_at, 'infinity'))`.execute(
    ctx.db,
  );
  expect(rows).toEqual([]);
}
