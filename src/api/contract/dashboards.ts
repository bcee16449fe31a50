import { Type } from 'typebox';
import type { Static } from 'typebox';
import { DashboardDraft, Question, TILE_KINDS } from '../../reports/definition.ts';
import { Day, Id, Instant, Minor, nullable, oneOf } from './notation.ts';
import { PersonRow } from './person-row.ts';

/** A tile as it is placed. What it asks is in `question`; METRICS of reports/definition.ts explains it. */
export const Tile = Type.Object({
  id: Type.String(),
  title: Type.String(),
  kind: oneOf(TILE_KINDS),
  question: Question,
});
export type Tile = Static<typeof Tile>;

const row = {
  id: Id,
  name: Type.String(),
  description: Type.String(),
  template_key: nullable(Type.String()),
  created_at: Instant,
  updated_at: Instant,
};
export const DashboardRow = Type.Object(row);
export type DashboardRow = Static<typeof DashboardRow>;

export const DashboardList = Type.Object({ dashboards: Type.Array(DashboardRow) });
export type DashboardList = Static<typeof DashboardList>;

export const Dashboard = Type.Object({ ...row, tiles: Type.Array(Tile) });
export type Dashboard = Static<typeof Dashboard>;

/** POST /api/dashboards and PUT /api/dashboards/:id */
export const DashboardBody = DashboardDraft;
export type DashboardBody = Static<typeof DashboardBody>;

export const Interval = oneOf(['day', 'month']);
export type Interval = Static<typeof Interval>;

const range = {
  /** First day, inside; 30 days up to `to` when left out. */
  from: Type.Optional(Day),
  /** Last day, inside; today when left out. */
  to: Type.Optional(Day),
  interval: Type.Optional(Interval),
  /** The reporting currency of the settings, else the one with the most MRR, when left out. */
  currency: Type.Optional(Type.String({ pattern: '^[A-Za-z]{3}$' })),
};
export const TileQuery = Type.Object(range);
export type TileQuery = Static<typeof TileQuery>;

export const PeopleBehindQuery = Type.Object({
  ...range,
  /** A point as the tile named it; the whole range when left out. */
  point: Type.Optional(Type.String({ maxLength: 200 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
});
export type PeopleBehindQuery = Static<typeof PeopleBehindQuery>;

export const TileParams = Type.Object({ id: Id, tile_id: Type.String({ maxLength: 60 }) });

const answered = {
  as_of: Instant,
  /** Of the values, which are then minor units; null when they are counts. */
  currency: nullable(Type.String()),
};

export const TileResult = Type.Union([
  Type.Object({
    ...answered,
    kind: Type.Literal('series'),
    series: Type.Array(
      Type.Object({
        name: Type.String(),
        points: Type.Array(Type.Object({ point: Type.String(), value: Type.Number() })),
      }),
    ),
    /** The whole range against the same length before. */
    comparison: nullable(Type.Object({ value: Type.Number(), previous: Type.Number() })),
  }),
  Type.Object({
    ...answered,
    kind: Type.Literal('number'),
    value: Type.Number(),
    previous: nullable(Type.Number()),
  }),
  Type.Object({
    ...answered,
    kind: Type.Literal('bars'),
    bars: Type.Array(
      Type.Object({ point: Type.String(), label: Type.String(), value: Type.Number() }),
    ),
  }),
]);
export type TileResult = Static<typeof TileResult>;

/** GET /api/dashboards/:id/tiles/:tile_id/people: the largest amounts first, which add up to the number. */
export const PeopleBehind = Type.Object({
  rows: Type.Array(
    Type.Interface([PersonRow], {
      /** What the person adds to the number; null when people are counted. */
      amount_minor: nullable(Minor),
    }),
  ),
  total: Type.Integer(),
});
export type PeopleBehind = Static<typeof PeopleBehind>;
