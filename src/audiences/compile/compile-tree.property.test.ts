import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestContext } from '../../../test/support/database.ts';
import type { TestContext } from '../../../test/support/database.ts';
import { sql } from '../../platform/index.ts';
import { checkDefinition } from '../check-tree.ts';
import type { Definition } from '../definition.ts';
import { naivelyMatches } from '../fixtures/naive-evaluator.ts';
import { NOW, definitionArbitrary, seedWorld, worldArbitrary } from '../fixtures/world.ts';
import type { WorldPerson } from '../fixtures/world.ts';
import { compileAnswers, compileMembers } from './compile-tree.ts';

let ctx: TestContext;
beforeAll(async () => {
  ctx = await createTestContext({ now: NOW });
});
afterAll(async () => await ctx.close());

const DAY = 86_400_000;

async function listMembers(definition: Definition, partition?: number): Promise<number[]> {
  const options = { now: NOW, people: 'everybody' as const, partition };
  const { rows } = await compileMembers(definition, options).execute(ctx.db);
  return rows.map((row) => row.person_id).toSorted((a, b) => a - b);
}

async function listAnswers(definition: Definition, people: 'everybody' | number[]) {
  const { rows } = await compileAnswers(definition, { now: NOW, people }).execute(ctx.db);
  return new Map(rows.map((row) => [row.person_id, row]));
}

test('full, sampled and incremental SQL say what the naive evaluator says', async () => {
  await fc.assert(
    fc.asyncProperty(
      worldArbitrary,
      fc.array(definitionArbitrary, { minLength: 12, maxLength: 12 }),
      async (world, definitions) => {
        await seedWorld(ctx, world);
        const ids = world.map((person) => person.person_id);
        for (const definition of definitions) {
          expect(checkDefinition(definition)).toEqual({ ok: true, definition });
          const expected = world
            .filter((person) => naivelyMatches(definition, person, NOW))
            .map((person) => person.person_id);
          expect(await listMembers(definition)).toEqual(expected);
          const one = await listAnswers(definition, ids);
          expect(ids.filter((id) => one.get(id)?.matches)).toEqual(expected);
          const all = await listAnswers(definition, 'everybody');
          expect(ids.filter((id) => all.get(id)?.matches)).toEqual(expected);
          for (const id of ids) {
            expect(all.get(id)?.next_change_at ?? null).toEqual(
              one.get(id)?.next_change_at ?? null,
            );
          }
        }
      },
    ),
    { numRuns: 20 },
  );
}, 180_000);

test('no answer changes before its next instant, and none at all when there is no instant', async () => {
  await fc.assert(
    fc.asyncProperty(
      worldArbitrary,
      fc.array(definitionArbitrary, { minLength: 12, maxLength: 12 }),
      async (world, definitions) => {
        await seedWorld(ctx, world);
        for (const definition of definitions) {
          const answers = await listAnswers(
            definition,
            world.map((person) => person.person_id),
          );
          for (const person of world.filter((one) => one.merged_into === null)) {
            const { next_change_at } = answers.get(person.person_id)!;
            expectSteady(definition, person, next_change_at);
          }
        }
      },
    ),
    { numRuns: 20 },
  );
}, 180_000);

function expectSteady(definition: Definition, person: WorldPerson, until: Date | null): void {
  const end = until?.getTime() ?? NOW.getTime() + 200 * DAY;
  expect(end).toBeGreaterThan(NOW.getTime());
  const before = naivelyMatches(definition, person, NOW);
  const instants = [end - 1];
  for (let at = NOW.getTime(); at < end; at += DAY / 2) instants.push(at);
  const early = instants.find((at) => naivelyMatches(definition, person, new Date(at)) !== before);
  expect(early, `${JSON.stringify(definition)} for ${JSON.stringify(person)}`).toBeUndefined();
}

test('the sixteen samples add up to everybody', async () => {
  const [world] = fc.sample(worldArbitrary, { numRuns: 1, seed: 7 });
  await seedWorld(ctx, world!);
  for (const definition of fc.sample(definitionArbitrary, { numRuns: 25, seed: 7 })) {
    const slices: number[] = [];
    for (let partition = 0; partition < 16; partition += 1) {
      slices.push(...(await listMembers(definition, partition)));
    }
    expect(slices.toSorted((a, b) => a - b)).toEqual(await listMembers(definition));
  }
});

test('a person whose facts were never computed has no values and is still answered', async () => {
  await seedWorld(ctx, []);
  await sql`insert into people (person_id, created_at, updated_at) values (1, ${NOW}, ${NOW})`.execute(
    ctx.db,
  );
  const trialing: Definition = { field: 'trialing_subscriptions', operator: 'gt', value: 0 };
  expect(await listMembers(trialing)).toEqual([]);
  expect(await listMembers({ not: trialing })).toEqual([1]);
  expect(await listMembers({ field: 'plan', operator: 'has_no_value' })).toEqual([1]);
});
