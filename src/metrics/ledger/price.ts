import type { Interval } from './period.ts';
import { ZERO, add, compare, divide, multiply, subtract, whole } from './rational.ts';
import type { Rational } from './rational.ts';

export interface Tier {
  /** Null in the last tier. */
  up_to: Rational | null;
  unit: Rational;
  flat: Rational;
}

/** A price as far as MRR needs it. Amounts in minor units per interval, with all their decimals. */
export interface Price {
  id: string;
  product: string | null;
  /** Null for a one-off price. */
  interval: Interval | null;
  metered: boolean;
  scheme: 'per_unit' | 'graduated' | 'volume';
  unit: Rational | null;
  tiers: readonly Tier[] | null;
  transform: { divide_by: Rational; round: 'up' | 'down' } | null;
}

/** What a quantity costs for one full interval; null when the price's amounts are not known. */
export function priceOf(price: Price | undefined, quantity: Rational): Rational | null {
  if (!price) return null;
  if (price.scheme === 'per_unit') {
    return price.unit === null ? null : multiply(price.unit, billed(price, quantity));
  }
  if (price.tiers === null || price.tiers.length === 0) return null;
  return price.scheme === 'volume'
    ? volume(price.tiers, quantity)
    : graduated(price.tiers, quantity);
}

function billed(price: Price, quantity: Rational): Rational {
  if (!price.transform) return quantity;
  const packs = divide(quantity, price.transform.divide_by);
  const down = packs.n / packs.d;
  const exact = down * packs.d === packs.n;
  return whole(price.transform.round === 'up' && !exact ? down + 1n : down);
}

/** The tier that the whole quantity falls into prices all units, plus its flat amount. */
function volume(tiers: readonly Tier[], quantity: Rational): Rational | null {
  const tier = tiers.find((one) => one.up_to === null || compare(quantity, one.up_to) <= 0);
  return tier ? add(multiply(tier.unit, quantity), tier.flat) : null;
}

/** Each tier prices the units within it; every tier reached adds its flat amount. */
function graduated(tiers: readonly Tier[], quantity: Rational): Rational {
  let total = ZERO;
  let below = ZERO;
  for (const tier of tiers) {
    if (compare(quantity, below) <= 0) break;
    const top = tier.up_to === null || compare(quantity, tier.up_to) < 0 ? quantity : tier.up_to;
    total = add(total, add(multiply(tier.unit, subtract(top, below)), tier.flat));
    below = top;
  }
  return total;
}
