import { AppError } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { MOVEMENT_KINDS } from './definition.ts';
import type { MovementKind } from './definition.ts';
import { microFromDecimal, microToMinor } from './ledger/rational.ts';
import {
  countMovements,
  countPeopleByMrr,
  selectMovements,
  selectPeopleByMrr,
} from './queries/series.ts';
import type { StoredMovement } from './queries/series.ts';

export interface PeopleByMrr {
  rows: { person_id: number; currency: string; mrr_minor: number }[];
  /** How many there are in all: the number the list explains. */
  total: number;
  next_cursor: string | null;
}

interface Page {
  limit?: number;
  cursor?: string | null;
}

/** Who had MRR at the end of a day, the largest first. One row a person and currency. */
export async function listPeopleByMrr(
  ctx: Context,
  query: { on_date: string; currency?: string | undefined } & Page,
): Promise<PeopleByMrr> {
  const limit = limitOf(query);
  const filter = { on_date: query.on_date, currency: query.currency };
  const [mrr_minor, person_id, currency] = readCursor(query.cursor, 3) ?? [];
  const after =
    mrr_minor === undefined
      ? null
      : { mrr_minor, person_id: Number(person_id), currency: currency! };
  const rows = await selectPeopleByMrr(ctx, { ...filter, after, limit: limit + 1 });
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return {
    rows: shown.map((row) => ({ ...row, mrr_minor: minor(row.mrr_minor) })),
    total: await countPeopleByMrr(ctx, filter),
    next_cursor: last ? writeCursor([last.mrr_minor, last.person_id, last.currency]) : null,
  };
}

export type MovementRow = Omit<StoredMovement, 'amount_minor' | 'mrr_after_minor'> & {
  /** Signed minor units, rounded for display. */
  amount_minor: number;
  mrr_after_minor: number;
};

/** The movements of a range, newest first: who moved, by how much and why. */
export async function listMovementPeople(
  ctx: Context,
  query: {
    from: string;
    to: string;
    kind?: MovementKind | undefined;
    currency?: string | undefined;
  } & Page,
): Promise<{ rows: MovementRow[]; total: number; next_cursor: string | null }> {
  const limit = limitOf(query);
  const kinds = query.kind ? [query.kind] : MOVEMENT_KINDS;
  const filter = { from: query.from, to: query.to, kinds, currency: query.currency };
  const [on_date, person_id, currency] = readCursor(query.cursor, 3) ?? [];
  const after =
    on_date === undefined ? null : { on_date, person_id: Number(person_id), currency: currency! };
  const rows = await selectMovements(ctx, { ...filter, after, limit: limit + 1 });
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return {
    rows: shown.map(toMovement),
    total: await countMovements(ctx, filter),
    next_cursor: last ? writeCursor([last.on_date, last.person_id, last.currency]) : null,
  };
}

export function toMovement<T extends StoredMovement>(
  row: T,
): Omit<T, 'amount_minor' | 'mrr_after_minor'> & {
  amount_minor: number;
  mrr_after_minor: number;
} {
  const { amount_minor, mrr_after_minor, ...rest } = row;
  return {
    ...rest,
    amount_minor: minor(amount_minor),
    mrr_after_minor: minor(mrr_after_minor),
  };
}

export function minor(decimal: string): number {
  return microToMinor(microFromDecimal(decimal));
}

function limitOf(page: Page): number {
  return Math.min(Math.max(page.limit ?? 50, 1), 500);
}

function writeCursor(parts: (string | number)[]): string {
  return parts.join('~');
}

function readCursor(cursor: string | null | undefined, parts: number): string[] | null {
  if (!cursor) return null;
  const read = cursor.split('~');
  if (read.length !== parts || read.some((part) => part === ''))
    throw new AppError('bad_cursor', 'This page is no longer known. Start from the first one.');
  return read;
}
