import type { Context } from '../platform/index.ts';
import { CUSTOMER_SIGN, MOVEMENT_KINDS } from './definition.ts';
import type { MovementKind, SeriesInterval } from './definition.ts';
import { microFromDecimal, microToMinor } from './ledger/rational.ts';
import { selectDays, selectLastDay, selectOpening } from './queries/series.ts';
import { bucketsOf } from './series-dates.ts';
import type { Bucket } from './series-dates.ts';

export interface SeriesQuery {
  /** 'YYYY-MM-DD', inside. */
  from: string;
  /** 'YYYY-MM-DD', inside. */
  to: string;
  interval: SeriesInterval;
  /** Lower-case code; every currency of the ledger without it. */
  currency?: string | undefined;
}

export interface MrrPoint {
  /** The last day of the point: a month's end, or the last day so far of the running one. */
  date: string;
  currency: string;
  /** Minor units, rounded half away from zero for display. */
  mrr_minor: number;
}

export interface CustomersPoint {
  date: string;
  currency: string;
  /** How many people had MRR in this currency at the end of the point. */
  people: number;
}

/**
 * MRR at the end of each day or month, one row a point and currency. Points after today (or after
 * the ledger's last day) are left out; without any ledger the list is empty.
 */
export async function listMrr(ctx: Context, query: SeriesQuery): Promise<MrrPoint[]> {
  const levels = await listLevels(ctx, query);
  return levels.map(({ date, currency, micro }) => ({
    date,
    currency,
    mrr_minor: microToMinor(micro),
  }));
}

/** How many people had MRR at the end of each day or month; otherwise as `listMrr`. */
export async function listCustomers(ctx: Context, query: SeriesQuery): Promise<CustomersPoint[]> {
  const levels = await listLevels(ctx, query);
  return levels.map(({ date, currency, people }) => ({ date, currency, people }));
}

interface Level extends Sum {
  date: string;
  currency: string;
}

async function listLevels(ctx: Context, query: SeriesQuery): Promise<Level[]> {
  const buckets = await knownBuckets(ctx, query);
  if (buckets.length === 0) return [];
  const sums = await sumsOf(ctx, query, buckets);
  const points: Level[] = [];
  for (const currency of sums.currencies) {
    let { micro, people } = sums.opening(currency);
    for (const [index, bucket] of buckets.entries()) {
      for (const kind of MOVEMENT_KINDS) {
        const sum = sums.at(index, currency, kind);
        micro += sum.micro;
        people += sum.people * CUSTOMER_SIGN[kind];
      }
      points.push({ date: bucket.to, currency, micro, people });
    }
  }
  return points.toSorted((a, b) => (a.date === b.date ? 0 : a.date < b.date ? -1 : 1));
}

export interface MovementPoint {
  /** First and last day of the point. */
  from: string;
  date: string;
  currency: string;
  kind: MovementKind;
  /** Signed minor units, rounded for display. */
  amount_minor: number;
  /** How many movements there were, at most one a person and day. */
  people: number;
}

/** Sums of each kind of movement in each day or month; every kind has a row, also when nothing moved. */
export async function listMovements(ctx: Context, query: SeriesQuery): Promise<MovementPoint[]> {
  const buckets = await knownBuckets(ctx, query);
  if (buckets.length === 0) return [];
  const sums = await sumsOf(ctx, query, buckets);
  return buckets.flatMap((bucket, index) =>
    sums.currencies.flatMap((currency) =>
      MOVEMENT_KINDS.map((kind) => {
        const { micro, people } = sums.at(index, currency, kind);
        const amount_minor = microToMinor(micro);
        return { from: bucket.from, date: bucket.to, currency, kind, amount_minor, people };
      }),
    ),
  );
}

async function knownBuckets(ctx: Context, query: SeriesQuery): Promise<Bucket[]> {
  bucketsOf(query.from, query.to, query.interval);
  const last = await selectLastDay(ctx);
  if (last === null) return [];
  const today = ctx.clock.now().toISOString().slice(0, 10);
  const end = last > today ? last : today;
  if (query.from > end) return [];
  return bucketsOf(query.from, query.to < end ? query.to : end, query.interval);
}

interface Sum {
  micro: bigint;
  people: number;
}

const NOTHING: Sum = { micro: 0n, people: 0 };

async function sumsOf(ctx: Context, query: SeriesQuery, buckets: readonly Bucket[]) {
  const { currency } = query;
  const last = buckets.at(-1)!.to;
  const opened = await selectOpening(ctx, { before: query.from, currency });
  const days = await selectDays(ctx, { from: query.from, to: last, currency });
  const opening = new Map<string, Sum>();
  for (const row of opened) {
    const sum = opening.get(row.currency) ?? NOTHING;
    opening.set(row.currency, {
      micro: sum.micro + microFromDecimal(row.amount_minor),
      people: sum.people + row.people * CUSTOMER_SIGN[row.kind],
    });
  }
  const sums = new Map<string, Sum>();
  let index = 0;
  for (const row of days) {
    while (row.on_date > buckets[index]!.to) index += 1;
    const key = `${index}/${row.currency}/${row.kind}`;
    const sum = sums.get(key) ?? NOTHING;
    const micro = sum.micro + microFromDecimal(row.amount_minor);
    sums.set(key, { micro, people: sum.people + row.people });
  }
  const currencies = new Set([...opened, ...days].map((row) => row.currency));
  return {
    currencies: [...currencies].toSorted(),
    opening: (code: string): Sum => opening.get(code) ?? NOTHING,
    at: (bucket: number, code: string, kind: MovementKind): Sum =>
      sums.get(`${bucket}/${code}/${kind}`) ?? NOTHING,
  };
}
