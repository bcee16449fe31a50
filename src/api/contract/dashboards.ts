import { Type } from 'typebox';
import type { Static } from 'typebox';
import { Day, Id, Instant, Minor, nullable, oneOf } from './notation.ts';
import { PersonRow } from './person-row.ts';

/** A tile as it is placed; what it asks is in `question`. */
export const Tile = Type.Object({
  id: Type.String(),
  title: Type.String(),
  kind: Type.String(),
});
export type Tile = Static<typeof Tile>;

export const DashboardRow = Type.Object({
  id: Id,
  name: Type.String(),
  description: Type.String(),
  template_key: nullable(Type.String()),
  updated_at: Instant,
});
export type DashboardRow = Static<typeof DashboardRow>;

export const DashboardList = Type.Object({ dashboards: Type.Array(DashboardRow) });
export type DashboardList = Static<typeof DashboardList>;

export const Dashboard = Type.Interface([DashboardRow], {
  tiles: Type.Array(Tile),
  created_at: Instant,
});
export type Dashboard = Static<typeof Dashboard>;

export const Interval = oneOf(['day', 'month']);
export type Interval = Static<typeof Interval>;

export const TileQuery = Type.Object({
  from: Type.Optional(Day),
  to: Type.Optional(Day),
  interval: Type.Optional(Interval),
  currency: Type.Optional(Type.String({ minLength: 3, maxLength: 3 })),
});
export type TileQuery = Static<typeof TileQuery>;

export const PeopleBehindQuery = Type.Interface([TileQuery], {
  point: Type.Optional(Type.String({ maxLength: 200 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
});
export type PeopleBehindQuery = Static<typeof PeopleBehindQuery>;

const asOf = { as_of: Instant, currency: nullable(Type.String()) };

export const TileResult = Type.Union([
  Type.Object({
    ...asOf,
    kind: Type.Literal('series'),
    series: Type.Array(
      Type.Object({
        name: Type.String(),
        points: Type.Array(Type.Object({ point: Type.String(), value: Type.Number() })),
      }),
    ),
  }),
  Type.Object({
    ...asOf,
    kind: Type.Literal('number'),
    value: Type.Number(),
    previous: nullable(Type.Number()),
  }),
  Type.Object({
    ...asOf,
    kind: Type.Literal('bars'),
    bars: Type.Array(
      Type.Object({ point: Type.String(), label: Type.String(), value: Type.Number() }),
    ),
  }),
  Type.Object({
    ...asOf,
    kind: Type.Literal('table'),
    columns: Type.Array(Type.Object({ name: Type.String(), label: Type.String() })),
    rows: Type.Array(Type.Record(Type.String(), Type.Unknown())),
  }),
]);
export type TileResult = Static<typeof TileResult>;

/** GET /api/dashboards/:id/tiles/:tile_id/people: as many as the number said. */
export const PeopleBehind = Type.Object({
  rows: Type.Array(Type.Interface([PersonRow], { amount_minor: Type.Optional(nullable(Minor)) })),
  total: Type.Integer(),
});
export type PeopleBehind = Static<typeof PeopleBehind>;
