import { Type } from 'typebox';
import type { Static, TSchema } from 'typebox';

/** A UTC instant, ISO 8601: `2026-03-01T12:00:00.000Z`. */
export const Instant = Type.String({ format: 'date-time' });
export type Instant = Static<typeof Instant>;

/** A calendar day: `2026-03-01`. */
export const Day = Type.String({ format: 'date' });
export type Day = Static<typeof Day>;

/** Whole minor units of a currency (cents, yen, fils). */
export const Minor = Type.Integer();

/** A row's number: what a Postgres integer holds. */
export const Id = Type.Integer({ minimum: 1, maximum: 2_147_483_647 });

export const nullable = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()]);

export const oneOf = <const N extends readonly string[]>(names: N) =>
  Type.Unsafe<N[number]>(Type.String({ enum: [...names] }));

/** An object whose keys are not ours, such as a Stripe object. */
export const Json = Type.Record(Type.String(), Type.Unknown());
export type Json = Static<typeof Json>;

/** `true` or `false` as it stands in a query string. */
export const Flag = oneOf(['true', 'false']);

/** Of routes whose only path parameter is a row's number. */
export const IdParams = Type.Object({ id: Id });

/** The answer of a change that has nothing to tell. */
export const Done = Type.Object({ done: Type.Literal(true) });
export type Done = Static<typeof Done>;
