import type { CouponDuration } from '../ledger/policy.ts';
import type { Interval } from '../ledger/period.ts';
import type { Price, Tier } from '../ledger/price.ts';
import { ZERO, readDecimal } from '../ledger/rational.ts';
import type { Rational } from '../ledger/rational.ts';
import { decimal, idOf, integer, list, object, text } from './json.ts';
import type { Json } from './json.ts';

/** Reads a price, or the plan of older shapes (`amount`, `interval` at the top). Null without an id. */
export function readPrice(raw: Json): Price | null {
  const id = text(raw.id);
  if (id === null) return null;
  const recurring = object(raw.recurring) ?? (text(raw.interval) ? raw : null);
  const tiersMode = raw.tiers_mode;
  const tiered = raw.billing_scheme === 'tiered' || (tiersMode !== null && tiersMode !== undefined);
  const transform = object(raw.transform_quantity) ?? object(raw.transform_usage);
  return {
    id,
    product: idOf(raw.product),
    interval: recurring && readInterval(recurring),
    metered: recurring?.usage_type === 'metered',
    scheme: tiered ? (tiersMode === 'volume' ? 'volume' : 'graduated') : 'per_unit',
    unit: amount(raw, 'unit_amount') ?? amount(raw, 'amount'),
    tiers: raw.tiers === undefined || raw.tiers === null ? null : list(raw.tiers).map(readTier),
    transform: transform && {
      divide_by: readDecimal(decimal(transform.divide_by) ?? 1),
      round: transform.round === 'down' ? 'down' : 'up',
    },
  };
}

function readInterval(recurring: Json): Interval | null {
  const unit = recurring.interval;
  if (unit !== 'day' && unit !== 'week' && unit !== 'month' && unit !== 'year') return null;
  return { unit, count: integer(recurring.interval_count) ?? 1 };
}

function readTier(raw: Json): Tier {
  const upTo = decimal(raw.up_to);
  return {
    up_to: upTo === null ? null : readDecimal(upTo),
    unit: amount(raw, 'unit_amount') ?? amount(raw, 'amount') ?? ZERO,
    flat: amount(raw, 'flat_amount') ?? ZERO,
  };
}

/** The decimal form wins: the integer beside it is cut off or null when there are fractions of a cent. */
function amount(raw: Json, name: string): Rational | null {
  const value = decimal(raw[`${name}_decimal`]) ?? decimal(raw[name]);
  return value === null ? null : readDecimal(value);
}

export interface Coupon {
  id: string;
  duration: CouponDuration;
  percent_off: Rational | null;
  amount_off: Rational | null;
  currency: string | null;
  /** Products it is limited to; null for all. */
  products: readonly string[] | null;
}

export function readCoupon(raw: Json): Coupon | null {
  const id = text(raw.id);
  const duration = raw.duration;
  if (id === null || (duration !== 'once' && duration !== 'repeating' && duration !== 'forever'))
    return null;
  const percent = decimal(raw.percent_off);
  const off = decimal(raw.amount_off);
  const products = object(raw.applies_to)?.products;
  return {
    id,
    duration,
    percent_off: percent === null ? null : readDecimal(percent),
    amount_off: off === null ? null : readDecimal(off),
    currency: text(raw.currency),
    products: Array.isArray(products) ? products.filter((one) => typeof one === 'string') : null,
  };
}

/** A coupon at work on a customer, subscription, item or invoice. Times in seconds. */
export interface Discount {
  id: string;
  coupon: string;
  end: number | null;
  /** The coupon itself where the discount carried it. */
  embedded: Coupon | null;
}

/** Reads an expanded discount; today's shape keeps the coupon under `source`, older ones on top. */
export function readDiscount(raw: Json): Discount | null {
  const id = text(raw.id);
  const found = object(raw.source)?.coupon ?? raw.coupon;
  const coupon = idOf(found);
  if (id === null || coupon === null) return null;
  const embedded = object(found);
  return { id, coupon, end: integer(raw.end), embedded: embedded && readCoupon(embedded) };
}
