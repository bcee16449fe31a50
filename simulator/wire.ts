import type Stripe from 'stripe';

/**
 * A Stripe object as it travels: the SDK turns `decimal_string` fields into Decimal objects after
 * parsing, on the wire they are plain strings. Everything else keeps the SDK's own type, so a
 * builder that forgets or misspells a field does not compile.
 */
export type Wire<T> = T extends Stripe.Decimal
  ? string
  : T extends string | number | boolean | null | undefined | void
    ? T
    : T extends (infer U)[]
      ? Wire<U>[]
      : T extends object
        ? { [K in keyof T]: Wire<T[K]> }
        : T;

/** Any JSON object, once its exact shape no longer matters. */
export type Json = Record<string, unknown>;

export const API_VERSION = '2026-10-28.endive';

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Wraps the first page of a nested list (Stripe embeds ten) with its own URL. */
export function embedList<T>(rows: T[], url: string, limit = 10) {
  return {
    object: 'list' as const,
    data: rows.slice(0, limit),
    has_more: rows.length > limit,
    url,
  };
}
