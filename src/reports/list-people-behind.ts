import { MOVEMENT_KINDS } from '../metrics/index.ts';
import type { MovementKind } from '../metrics/index.ts';
import { listPeople } from '../people/index.ts';
import type { PersonRow } from '../people/index.ts';
import { AppError } from '../platform/index.ts';
import type { Context, RawBuilder } from '../platform/index.ts';
import type { Metric } from './definition.ts';
import { getTile } from './get-dashboard.ts';
import { isSourced, sourceOf } from './measure.ts';
import { peopleOf } from './queries/activity-sums.ts';
import type { Scope } from './queries/activity-sums.ts';
import {
  countBehind,
  peopleOnPlan,
  peopleOnTrial,
  peopleWhoMoved,
  peopleWithMrr,
  selectBehind,
} from './queries/ledger-people.ts';
import { readScope } from './run-tile.ts';
import type { TileQuery } from './run-tile.ts';
import { readPoint, readSpan } from './span.ts';
import type { Point } from './span.ts';

export interface PeopleBehindQuery extends TileQuery {
  /** A point as the tile named it; the whole range without. */
  point?: string | undefined;
  /** 1 to 500, default 100. */
  limit?: number | undefined;
}

export interface PeopleBehind {
  /** The largest amounts first. `amount_minor` is what the person adds to the number; null when people are counted. */
  rows: (PersonRow & { amount_minor: number | null })[];
  /** How many people there are in all. Their amounts add up to the number; of a count this is the number. */
  total: number;
}

const PAGE = 200;

/** Who is behind a tile's number, or one of its points. Throws as `runTile`, and `bad_point`. */
export async function listPeopleBehind(
  ctx: Context,
  query: PeopleBehindQuery,
): Promise<PeopleBehind> {
  const tile = await getTile(ctx, query.dashboard_id, query.tile_id);
  const span = readSpan(ctx, query);
  const scope = await readScope(ctx, query);
  const people = behind(tile.question.metric, readPoint(span, query.point), scope);
  const limit = Math.min(Math.max(query.limit ?? 100, 1), 500);
  const found = await selectBehind(ctx, people, limit);
  const known = await readPeople(
    ctx,
    found.map((row) => row.person_id),
  );
  const rows = found.flatMap(({ person_id, amount_minor }) => {
    const person = known.get(person_id);
    return person ? [{ ...person, amount_minor }] : [];
  });
  return { rows, total: await countBehind(ctx, people) };
}

function behind(metric: Metric, { bucket, part }: Point, scope: Scope): RawBuilder<unknown> {
  const { currency } = scope;
  if (isSourced(metric)) return peopleOf(sourceOf(metric).source, bucket, scope);
  switch (metric) {
    case 'mrr':
    case 'customers':
    case 'arpa':
      return peopleWithMrr(bucket.to, currency, 1);
    case 'arr':
      return peopleWithMrr(bucket.to, currency, 12);
    case 'net_new_mrr':
      return peopleWhoMoved(bucket, MOVEMENT_KINDS, currency);
    case 'mrr_movements':
      return peopleWhoMoved(bucket, part === null ? MOVEMENT_KINDS : [readKind(part)], currency);
    case 'mrr_by_plan':
      return peopleOnPlan(part, currency);
    case 'active_trials':
      return peopleOnTrial();
  }
}

function readKind(part: string): MovementKind {
  const kind = MOVEMENT_KINDS.find((one) => one === part);
  if (!kind)
    throw new AppError(
      'bad_point',
      'This point is not on the chart any more. Open the chart again.',
    );
  return kind;
}

async function readPeople(ctx: Context, ids: readonly number[]): Promise<Map<number, PersonRow>> {
  const people = new Map<number, PersonRow>();
  for (let start = 0; start < ids.length; start += PAGE) {
    const person_ids = ids.slice(start, start + PAGE);
    const { rows } = await listPeople(ctx, { person_ids, limit: PAGE });
    for (const row of rows) people.set(row.person_id, row);
  }
  return people;
}
