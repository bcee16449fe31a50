import { sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';

/** Rows of mrr_versions. Amounts are decimals in minor units, times in seconds. */
export interface VersionRow {
  person_id: number;
  source_id: number;
  subscription_id: string;
  item_id: string;
  seq: number;
  price_id: string | null;
  product_id: string | null;
  quantity: string;
  currency: string;
  mrr_minor: string;
  from_s: number;
  until_s: number | null;
  grade: string;
  rule: string;
  evidence: Record<string, unknown>;
  sentence: string;
}

/** Rows of mrr_movements. */
export interface MovementRow {
  person_id: number;
  on_date: string;
  currency: string;
  kind: string;
  amount_minor: string;
  mrr_after_minor: string;
  reason: string;
  grade: string;
  parts: Record<string, unknown>[];
}

/** Makes these people's versions exactly the given ones; rows that stay the same are not touched. */
export async function replaceVersions(
  tx: Context,
  person_ids: readonly number[],
  rows: readonly VersionRow[],
): Promise<void> {
  const given = sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as given(
    person_id int, source_id int, subscription_id text, item_id text, seq int, price_id text,
    product_id text, quantity numeric, currency text, mrr_minor numeric, from_s bigint,
    until_s bigint, grade text, rule text, evidence jsonb, sentence text)`;
  await sql`
    delete from mrr_versions v
     where v.person_id = any(${person_ids}::int[])
       and not exists (
         select from jsonb_to_recordset(${JSON.stringify(rows.map(versionKey))}::jsonb)
                as k(person_id int, source_id int, item_id text, seq int)
          where k.person_id = v.person_id and k.source_id = v.source_id
            and k.item_id = v.item_id and k.seq = v.seq)`.execute(tx.db);
  if (rows.length === 0) return;
  await sql`
    insert into mrr_versions as v (person_id, source_id, subscription_id, item_id, seq, price_id,
      product_id, quantity, currency, mrr_minor, from_at, until_at, grade, rule, evidence, sentence)
    select person_id, source_id, subscription_id, item_id, seq, price_id, product_id, quantity,
           currency, mrr_minor, to_timestamp(from_s), to_timestamp(until_s), grade, rule, evidence, sentence
      from ${given}
    on conflict (person_id, source_id, item_id, seq) do update set
      subscription_id = excluded.subscription_id, price_id = excluded.price_id,
      product_id = excluded.product_id, quantity = excluded.quantity, currency = excluded.currency,
      mrr_minor = excluded.mrr_minor, from_at = excluded.from_at, until_at = excluded.until_at,
      grade = excluded.grade, rule = excluded.rule, evidence = excluded.evidence,
      sentence = excluded.sentence
    where (v.subscription_id, v.price_id, v.product_id, v.quantity, v.currency, v.mrr_minor, v.from_at,
           v.until_at, v.grade, v.rule, v.evidence, v.sentence) is distinct from
          (excluded.subscription_id, excluded.price_id, excluded.product_id, excluded.quantity,
           excluded.currency, excluded.mrr_minor, excluded.from_at, excluded.until_at, excluded.grade,
           excluded.rule, excluded.evidence, excluded.sentence)`.execute(tx.db);
}

function versionKey({ person_id, source_id, item_id, seq }: VersionRow) {
  return { person_id, source_id, item_id, seq };
}

/**
 * Makes these people's movements exactly the given ones and carries the difference into mrr_days, in
 * the order of its key so that two transactions wait for each other instead of locking each other out.
 */
export async function replaceMovements(
  tx: Context,
  person_ids: readonly number[],
  rows: readonly MovementRow[],
): Promise<void> {
  const { rows: touched } = await sql<DayKey>`
    with given as (
      select on_date, currency, kind, amount_minor, 1 as people
        from jsonb_to_recordset(${JSON.stringify(rows.map(dayPart))}::jsonb)
          as given(on_date date, currency text, kind text, amount_minor numeric)),
    before as (
      select on_date, currency, kind, -amount_minor, -1
        from mrr_movements where person_id = any(${person_ids}::int[])),
    delta as (
      select on_date, currency, kind, sum(amount_minor) as amount_minor, sum(people)::int as people
        from (select * from given union all select * from before) as both_sides
       group by on_date, currency, kind
      having sum(amount_minor) <> 0 or sum(people) <> 0
       order by on_date, currency, kind)
    insert into mrr_days as d (on_date, currency, kind, amount_minor, people)
    select * from delta
    on conflict (on_date, currency, kind) do update set
      amount_minor = d.amount_minor + excluded.amount_minor, people = d.people + excluded.people
    returning d.on_date, d.currency, d.kind, d.people`.execute(tx.db);
  await deleteEmptyDays(tx, touched);
  await sql`
    delete from mrr_movements m
     where m.person_id = any(${person_ids}::int[])
       and not exists (
         select from jsonb_to_recordset(${JSON.stringify(rows.map(movementKey))}::jsonb)
                as k(person_id int, on_date date, currency text)
          where k.person_id = m.person_id and k.on_date = m.on_date and k.currency = m.currency)
  `.execute(tx.db);
  if (rows.length === 0) return;
  await sql`
    insert into mrr_movements as m (person_id, on_date, currency, kind, amount_minor,
      mrr_after_minor, reason, grade, parts)
    select person_id, on_date, currency, kind, amount_minor, mrr_after_minor, reason, grade, parts
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as given(
        person_id int, on_date date, currency text, kind text, amount_minor numeric,
        mrr_after_minor numeric, reason text, grade text, parts jsonb)
    on conflict (person_id, on_date, currency) do update set
      kind = excluded.kind, amount_minor = excluded.amount_minor,
      mrr_after_minor = excluded.mrr_after_minor, reason = excluded.reason, grade = excluded.grade,
      parts = excluded.parts
    where (m.kind, m.amount_minor, m.mrr_after_minor, m.reason, m.grade, m.parts) is distinct from
          (excluded.kind, excluded.amount_minor, excluded.mrr_after_minor, excluded.reason,
           excluded.grade, excluded.parts)`.execute(tx.db);
}

interface DayKey {
  on_date: string;
  currency: string;
  kind: string;
  people: number;
}

/** A day nobody moved on any more has no row, as if nobody ever had. */
async function deleteEmptyDays(tx: Context, touched: readonly DayKey[]): Promise<void> {
  const empty = touched.filter((row) => row.people === 0);
  if (empty.length === 0) return;
  await sql`
    delete from mrr_days d
     using jsonb_to_recordset(${JSON.stringify(empty)}::jsonb)
        as k(on_date date, currency text, kind text)
     where d.on_date = k.on_date and d.currency = k.currency and d.kind = k.kind
       and d.people = 0`.execute(tx.db);
}

function dayPart({ on_date, currency, kind, amount_minor }: MovementRow) {
  return { on_date, currency, kind, amount_minor };
}

function movementKey({ person_id, on_date, currency }: MovementRow) {
  return { person_id, on_date, currency };
}
