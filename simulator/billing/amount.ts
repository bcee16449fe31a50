import type { PriceRow, TierRow } from '../resources/price.ts';

const SCALE = 1_000_000_000_000n;

/** A decimal string as an integer of 10^-12 minor units (Stripe allows twelve decimals). */
function scaled(decimal: string): bigint {
  const negative = decimal.startsWith('-');
  const [whole = '0', fraction = ''] = decimal.replace('-', '').split('.');
  const value = BigInt(whole) * SCALE + BigInt(fraction.padEnd(12, '0').slice(0, 12));
  return negative ? -value : value;
}

/** Rounds half away from zero, as amounts on invoices are. */
function divideRounded(numerator: bigint, denominator: bigint): number {
  const sign = numerator < 0n ? -1n : 1n;
  const absolute = numerator * sign;
  return Number(sign * ((absolute * 2n + denominator) / (denominator * 2n)));
}

/** amount × part / whole in minor units, rounded half away from zero. */
export function share(amount: number, part: number, whole: number): number {
  return divideRounded(BigInt(amount) * BigInt(part), BigInt(whole));
}

/** unit price × quantity in minor units. */
export function times(unitDecimal: string, quantity: number): number {
  if (!unitDecimal.includes('.')) return Number(unitDecimal) * quantity;
  return divideRounded(scaled(unitDecimal) * BigInt(quantity), SCALE);
}

export interface Charged {
  quantity: number;
  unit_amount_decimal: string | null;
  amount: number;
  /** Which tier of a graduated price, counted from 1. */
  tier: number | null;
}

const flat = (tier: TierRow, index: number): Charged[] =>
  tier.flat_amount === null
    ? []
    : [
        {
          quantity: 1,
          unit_amount_decimal: String(tier.flat_amount),
          amount: tier.flat_amount,
          tier: index + 1,
        },
      ];

function graduated(tiers: TierRow[], quantity: number): Charged[] {
  const parts: Charged[] = [];
  let below = 0;
  for (const [index, tier] of tiers.entries()) {
    if (quantity <= below) break;
    const units = Math.min(quantity, tier.up_to ?? Number.POSITIVE_INFINITY) - below;
    const unit = tier.unit_amount_decimal ?? '0';
    parts.push(
      { quantity: units, unit_amount_decimal: unit, amount: times(unit, units), tier: index + 1 },
      ...flat(tier, index),
    );
    below += units;
  }
  return parts;
}

/**
 * What a price asks for a quantity over one full period. A graduated price gives one part per tier
 * reached (Stripe puts each on an invoice line of its own), any other price one part.
 */
export function chargeParts(price: PriceRow, quantity: number): Charged[] {
  if (price.tiers !== null) {
    if (price.tiers_mode === 'graduated') return graduated(price.tiers, quantity);
    const index = price.tiers.findIndex((tier) => tier.up_to === null || quantity <= tier.up_to);
    const tier = price.tiers[index];
    if (tier === undefined) throw new Error(`Price ${price.id} has no tier for ${quantity} units`);
    const unit = tier.unit_amount_decimal ?? '0';
    return [
      { quantity, unit_amount_decimal: unit, amount: times(unit, quantity), tier: null },
      ...flat(tier, index),
    ];
  }
  const unit = price.unit_amount_decimal ?? '0';
  return [{ quantity, unit_amount_decimal: unit, amount: times(unit, quantity), tier: null }];
}

export function fullPrice(price: PriceRow, quantity: number): number {
  let sum = 0;
  for (const part of chargeParts(price, quantity)) sum += part.amount;
  return sum;
}

/**
 * Splits a sum over weights so that the parts add up exactly: every part rounded down, what is
 * left goes cent by cent to the largest remainders.
 */
export function allocate(sum: number, weights: number[]): number[] {
  const total = weights.reduce((all, weight) => all + weight, 0);
  if (total <= 0) return weights.map(() => 0);
  const exact = weights.map((weight) => (sum * weight) / total);
  const parts = exact.map(Math.floor);
  let left = sum - parts.reduce((all, part) => all + part, 0);
  const byRemainder = exact
    .map((value, index) => ({ index, remainder: value - Math.floor(value) }))
    .toSorted((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (const { index } of byRemainder) {
    if (left <= 0) break;
    parts[index] = (parts[index] ?? 0) + 1;
    left -= 1;
  }
  return parts;
}
