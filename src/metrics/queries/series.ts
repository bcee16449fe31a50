import { sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';
import type { MovementKind } from '../definition.ts';

export interface DayRow {
  on_date: string;
  currency: string;
  kind: MovementKind;
  /** Decimal in minor units. */
  amount_minor: string;
  people: number;
}

/** Sums by day within a range, oldest first. */
export async function selectDays(
  ctx: Context,
  filter: { from: string; to: string; currency?: string | undefined },
): Promise<DayRow[]> {
  const { rows } = await sql<DayRow>`
    select on_date, currency, kind, amount_minor, people from mrr_days
     where on_date between ${filter.from}::date and ${filter.to}::date
       and (${filter.currency ?? null}::text is null or currency = ${filter.currency ?? null})
     order by on_date, currency, kind`.execute(ctx.db);
  return rows;
}

/** What had added up before a day, by currency and kind. */
export async function selectOpening(
  ctx: Context,
  filter: { before: string; currency?: string | undefined },
): Promise<Omit<DayRow, 'on_date'>[]> {
  const { rows } = await sql<Omit<DayRow, 'on_date'>>`
    select currency, kind, sum(amount_minor) as amount_minor, sum(people)::int as people from mrr_days
     where on_date < ${filter.before}::date
       and (${filter.currency ?? null}::text is null or currency = ${filter.currency ?? null})
     group by currency, kind order by currency, kind`.execute(ctx.db);
  return rows;
}

/** The newest day of the ledger, or null while it is empty. */
export async function selectLastDay(ctx: Context): Promise<string | null> {
  const { rows } = await sql<{ last: string | null }>`
    select max(on_date) as last from mrr_days`.execute(ctx.db);
  return rows[0]?.last ?? null;
}

export interface PersonMrrRow {
  person_id: number;
  currency: string;
  mrr_minor: string;
}

/** Who had MRR at the end of a day, the largest first, after a row of the page before. */
export async function selectPeopleByMrr(
  ctx: Context,
  filter: {
    on_date: string;
    currency: string | undefined;
    after: { mrr_minor: string; person_id: number; currency: string } | null;
    limit: number;
  },
): Promise<PersonMrrRow[]> {
  const after = filter.after;
  const { rows } = await sql<PersonMrrRow>`
    select person_id, currency, mrr_minor from (${standing(filter)}) as standing
     where ${after?.mrr_minor ?? null}::numeric is null
        or (-mrr_minor, person_id, currency) >
           (-${after?.mrr_minor ?? null}::numeric, ${after?.person_id ?? null}::int, ${after?.currency ?? null}::text)
     order by mrr_minor desc, person_id, currency limit ${filter.limit}`.execute(ctx.db);
  return rows;
}

export async function countPeopleByMrr(
  ctx: Context,
  filter: { on_date: string; currency: string | undefined },
): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*) as n from (${standing(filter)}) as standing`.execute(ctx.db);
  return rows[0]?.n ?? 0;
}

/** Each person's MRR after their last movement up to a day. */
function standing(filter: { on_date: string; currency: string | undefined }) {
  return sql`
    select * from (
      select distinct on (person_id, currency) person_id, currency, mrr_after_minor as mrr_minor
        from mrr_movements
       where on_date <= ${filter.on_date}::date
         and (${filter.currency ?? null}::text is null or currency = ${filter.currency ?? null})
       order by person_id, currency, on_date desc) as latest
     where mrr_minor > 0`;
}

export interface MovementFilter {
  from: string;
  to: string;
  kinds: readonly string[];
  currency: string | undefined;
}

export interface StoredMovement {
  person_id: number;
  on_date: string;
  currency: string;
  kind: MovementKind;
  amount_minor: string;
  mrr_after_minor: string;
  reason: string;
  grade: string;
}

/** Movements of a range, the newest first, after a row of the page before. */
export async function selectMovements(
  ctx: Context,
  filter: MovementFilter & {
    after: { on_date: string; person_id: number; currency: string } | null;
    limit: number;
  },
): Promise<StoredMovement[]> {
  const after = filter.after;
  const { rows } = await sql<StoredMovement>`
    select person_id, on_date, currency, kind, amount_minor, mrr_after_minor, reason, grade
      from mrr_movements m
     where ${within(filter)}
       and (${after?.on_date ?? null}::date is null or
            on_date < ${after?.on_date ?? null}::date or
            (on_date = ${after?.on_date ?? null}::date and
             (person_id, currency) > (${after?.person_id ?? null}::int, ${after?.currency ?? null}::text)))
     order by on_date desc, person_id, currency limit ${filter.limit}`.execute(ctx.db);
  return rows;
}

export async function countMovements(ctx: Context, filter: MovementFilter): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*) as n from mrr_movements m where ${within(filter)}`.execute(ctx.db);
  return rows[0]?.n ?? 0;
}

function within(filter: MovementFilter) {
  return sql`on_date between ${filter.from}::date and ${filter.to}::date
    and kind = any(${filter.kinds})
    and (${filter.currency ?? null}::text is null or currency = ${filter.currency ?? null})`;
}

export interface PersonMovementRow extends StoredMovement {
  parts: {
    item_id: string;
    subscription_id: string;
    from_minor: string;
    to_minor: string;
    reason: string;
    evidence: Record<string, unknown>;
    sentence: string;
  }[];
}

export async function selectPersonMovements(
  ctx: Context,
  person_id: number,
): Promise<PersonMovementRow[]> {
  const { rows } = await sql<PersonMovementRow>`
    select person_id, on_date, currency, kind, amount_minor, mrr_after_minor, reason, grade, parts
      from mrr_movements where person_id = ${person_id} order by on_date desc, currency
  `.execute(ctx.db);
  return rows;
}

export interface PersonVersionRow {
  source_id: number;
  subscription_id: string;
  item_id: string;
  price_id: string | null;
  product_id: string | null;
  quantity: string;
  currency: string;
  mrr_minor: string;
  from_at: Date;
  until_at: Date | null;
  grade: 'A' | 'B' | 'C';
  rule: string;
  evidence: Record<string, unknown>;
  sentence: string;
}

export async function selectPersonVersions(
  ctx: Context,
  person_id: number,
): Promise<PersonVersionRow[]> {
  const { rows } = await sql<PersonVersionRow>`
    select source_id, subscription_id, item_id, price_id, product_id, quantity, currency, mrr_minor,
           from_at, until_at, grade, rule, evidence, sentence
      from mrr_versions where person_id = ${person_id}
     order by from_at, source_id, item_id, seq`.execute(ctx.db);
  return rows;
}
