import { Type } from 'typebox';
import type { Static } from 'typebox';
import { Instant, nullable, oneOf } from './notation.ts';

/** PATCH /api/sources/:id: only what is given is changed. */
export const SourcePatch = Type.Object(
  {
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    /** IANA name. */
    time_zone: Type.Optional(Type.String({ minLength: 1, maxLength: 60 })),
    include_test_clocks: Type.Optional(Type.Boolean()),
    rate_share: Type.Optional(Type.Number({ minimum: 0.05, maximum: 1 })),
  },
  { additionalProperties: false },
);
export type SourcePatch = Static<typeof SourcePatch>;

/** GET /api/sources/:id/events */
export const SourceEventQuery = Type.Object({
  /** `failing`: still being tried; `set_aside`: given up after the last try. */
  state: oneOf(['failing', 'set_aside']),
  cursor: Type.Optional(Type.String({ maxLength: 300 })),
});

export const SourceEvent = Type.Object({
  id: Type.String(),
  type: Type.String(),
  object_id: nullable(Type.String()),
  created_at: Instant,
  received_at: Instant,
  attempts: Type.Integer(),
  error: nullable(Type.String()),
  state: oneOf(['failing', 'set_aside']),
});
export type SourceEvent = Static<typeof SourceEvent>;

export const SourceEventPage = Type.Object({
  rows: Type.Array(SourceEvent),
  next_cursor: nullable(Type.String()),
});
export type SourceEventPage = Static<typeof SourceEventPage>;

/**
 * DELETE /api/sources/:id. `everything`: all rows stay, the key, the webhook and the connection go.
 * `people`: people and activities stay. `nothing`: all that came only from this account goes.
 */
export const RemovalBody = Type.Object({ keep: oneOf(['everything', 'people', 'nothing']) });
export type RemovalBody = Static<typeof RemovalBody>;

export const Removal = Type.Object({
  /** False when there is so much of it that the rest goes in the background. */
  done: Type.Boolean(),
  /** Rows that are gone so far, by what they were: people, activities, customers, invoices, … */
  removed: Type.Record(Type.String(), Type.Integer()),
});
export type Removal = Static<typeof Removal>;
