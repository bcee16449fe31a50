import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely';
import { describe, expect, test } from 'vitest';
import type { Definition } from '../definition.ts';
import { HOSTILE } from '../fixtures/world.ts';
import { compileAnswers, compileMembers } from './compile-tree.ts';
import type { People } from './plan.ts';

const now = new Date('2026-03-01T12:00:00Z');
const db = new Kysely<Record<string, never>>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (of) => new PostgresIntrospector(of),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

function answers(definition: Definition, people: People): string {
  return compileAnswers(definition, { now, people }).compile(db).sql;
}
function members(definition: Definition, partition?: number): string {
  return compileMembers(definition, { now, people: 'everybody', partition }).compile(db).sql;
}

const onTrial: Definition = { field: 'trialing_subscriptions', operator: 'gt', value: 0 };
const frequent: Definition = {
  activity: 'charge',
  operator: 'at_least',
  times: 3,
  within: { last_days: 30 },
};

describe('golden SQL', () => {
  test('a hot fact', () => {
    expect(members(onTrial)).toMatchInlineSnapshot(
      `"select p.person_id from "people" p left join "person_state" s on s.person_id = p.person_id where p.merged_into is null and "s"."trialing_subscriptions" > $1::bigint"`,
    );
    expect(answers(onTrial, [1, 2])).toMatchInlineSnapshot(
      `"select p.person_id, ("s"."trialing_subscriptions" > $1::bigint) is true as matches, null::timestamptz as next_change_at from "people" p left join "person_state" s on s.person_id = p.person_id where p.merged_into is null and p.person_id = any($2::int[])"`,
    );
  });

  test('the same over one sixteenth of the people', () => {
    expect(members(onTrial, 3)).toMatchInlineSnapshot(
      `"select p.person_id from "people_3" p left join "person_state_3" s on s.person_id = p.person_id where p.merged_into is null and "s"."trialing_subscriptions" > $1::bigint"`,
    );
  });

  test('a field of the person needs no other table', () => {
    expect(members({ field: 'email', operator: 'contains', value: '@' })).toMatchInlineSnapshot(
      `"select p.person_id from "people" p where p.merged_into is null and strpos(lower("p"."email"), lower($1::text)) > 0"`,
    );
  });

  test('counting in a window: an aggregate for everybody, a look-up for some', () => {
    expect(members(frequent)).toMatchInlineSnapshot(
      `"with "leaf_1" as materialized (select a.person_id from "activities" a where a.type = $1::smallint and a.occurred_at > $2::timestamptz group by a.person_id having count(*) >= $3::int) select p.person_id from "people" p left join "leaf_1" on "leaf_1".person_id = p.person_id where p.merged_into is null and "leaf_1".person_id is not null"`,
    );
    expect(answers(frequent, 'everybody')).toMatchInlineSnapshot(
      `"select * from (with "leaf_1" as materialized (select a.person_id, (array_agg(a.occurred_at order by a.occurred_at desc))[$1::int] + make_interval(days => $2::int) as changes_at from "activities" a where a.type = $3::smallint and a.occurred_at > $4::timestamptz group by a.person_id having count(*) >= $5::int) select p.person_id, ("leaf_1".person_id is not null) is true as matches, least("leaf_1".changes_at)::timestamptz as next_change_at from "people" p left join "leaf_1" on "leaf_1".person_id = p.person_id where p.merged_into is null) r where r.matches or r.next_change_at is not null"`,
    );
    expect(answers(frequent, [1, 2])).toMatchInlineSnapshot(
      `"select p.person_id, ((select a.occurred_at from "activities" a where a.person_id = p.person_id and a.type = $1::smallint and a.occurred_at > $2::timestamptz order by a.occurred_at desc offset $3::int limit 1) is not null) is true as matches, least((select a.occurred_at from "activities" a where a.person_id = p.person_id and a.type = $4::smallint and a.occurred_at > $5::timestamptz order by a.occurred_at desc offset $6::int limit 1) + make_interval(days => $7::int))::timestamptz as next_change_at from "people" p where p.merged_into is null and p.person_id = any($8::int[])"`,
    );
  });

  test('a lifetime sum reads the totals, never raw rows', () => {
    const big: Definition = {
      activity: 'charge',
      operator: 'sum_over',
      amount_minor: 200_000,
      currency: 'usd',
    };
    expect(members(big)).toMatchInlineSnapshot(
      `"select p.person_id from "people" p where p.merged_into is null and exists (select from "person_activity_totals" t where t.person_id = p.person_id and t.type = $1::smallint and t.currency = $2::text and t.total_minor > $3::bigint)"`,
    );
  });

  test('nested groups and negation', () => {
    const nested: Definition = {
      all: [
        { not: { any: [onTrial, { field: 'plan', operator: 'is_not', value: 'Pro' }] } },
        { activity: 'subscription_cancelled', operator: 'did_not', within: { last_days: 90 } },
        { any: [] },
      ],
    };
    expect(members(nested)).toMatchInlineSnapshot(
      `"select p.person_id from "people" p left join "person_state" s on s.person_id = p.person_id where p.merged_into is null and (("s"."trialing_subscriptions" > $1::bigint) is not true and lower("s"."plan") = lower($2::text) and (exists (select from "person_activity_totals" t where t.person_id = p.person_id and t.type = $3::smallint and t.last_at > $4::timestamptz)) is not true and false)"`,
    );
  });
});

test('a value is always a parameter, whatever it looks like', () => {
  const forms = (text: string): Definition[] => [
    { field: 'plan', operator: 'is', value: text },
    { field: 'name', operator: 'contains', value: text },
    { field: 'email', operator: 'one_of', values: [text] },
    { field: 'mrr_minor', operator: 'gt', value: 1, currency: text },
    { activity: 'charge', operator: 'sum_over', amount_minor: 1, currency: text },
  ];
  const harmless = forms('harmless');
  for (const text of HOSTILE) {
    forms(text).forEach((definition, index) => {
      for (const people of ['everybody', [1]] as const) {
        const options = { now, people };
        const compiled = compileAnswers(definition, options).compile(db);
        expect(compiled.sql).toBe(compileAnswers(harmless[index]!, options).compile(db).sql);
        expect(compiled.parameters.flat()).toContain(text);
      }
    });
  }
});
