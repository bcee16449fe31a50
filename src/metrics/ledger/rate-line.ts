import type { Line } from '../stripe-facts/read-line.ts';
import type { Interval } from './period.ts';
import { fullSecondsBefore, inferInterval, isFullPeriod, monthlyFactor } from './period.ts';
import { priceOf } from './price.ts';
import type { Price } from './price.ts';
import {
  ONE,
  ZERO,
  absolute,
  add,
  atLeastZero,
  compare,
  divide,
  multiply,
  ratio,
  subtract,
  whole,
} from './rational.ts';
import type { Rational } from './rational.ts';

/** What one item is worth a month, and how that came about. */
export interface Rate {
  monthly: Rational;
  quantity: Rational;
  interval: Interval;
  /** Share of the list price that discounts leave, and share of that which is not tax. */
  discount_share: Rational;
  tax_share: Rational;
  rule: 'renewal' | 'renewal_stub' | 'proration_debit' | 'trial';
}

export interface Shares {
  discount_share: Rational;
  tax_share: Rational;
}

export const FULL: Shares = { discount_share: ONE, tax_share: ONE };

interface Sums {
  amount: Rational;
  /** After the discounts that the policy lets count. */
  net: Rational;
  tax_share: Rational;
}

function sum(lines: readonly Line[], lowers: (discount: string) => boolean): Sums {
  let amount = 0n;
  let all = 0n;
  let counted = 0n;
  let tax = 0n;
  for (const line of lines) {
    amount += line.amount;
    tax += line.inclusive_tax;
    for (const discount of line.discounts) {
      all += discount.amount;
      if (lowers(discount.discount)) counted += discount.amount;
    }
  }
  const paid = amount - all;
  return {
    amount: whole(amount),
    net: whole(amount - counted),
    tax_share: paid <= 0n || tax === 0n ? ONE : ratio(paid - tax, paid),
  };
}

/**
 * Rate of an item's ordinary lines for one period (a graduated price bills each tier on a line of
 * its own). A full period is what was billed over its length in intervals; a stub is the list price
 * less the same share of discount.
 */
export function rateOfRenewal(
  lines: readonly Line[],
  price: Price | undefined,
  lowers: (discount: string) => boolean,
): Rate {
  const { start, end } = lines[0]!;
  const interval = price?.interval ?? inferInterval(start, end);
  const { amount, net, tax_share } = sum(lines, lowers);
  const quantity = quantityOf(lines, price);
  const discount_share = amount.n > 0n ? divide(atLeastZero(net), amount) : ONE;
  const shares = { discount_share, tax_share };
  const afterTax = multiply(atLeastZero(net), tax_share);
  const factor = monthlyFactor(interval);
  if (isFullPeriod(start, end, interval) || end <= start) {
    const monthly = multiply(afterTax, factor);
    return { monthly, quantity, interval, ...shares, rule: 'renewal' };
  }
  const list = amount.n > 0n ? priceOf(price, quantity) : null;
  const perInterval =
    list === null
      ? multiply(afterTax, ratio(BigInt(fullSecondsBefore(end, interval)), BigInt(end - start)))
      : multiply(multiply(list, discount_share), tax_share);
  const monthly = multiply(perInterval, factor);
  return { monthly, quantity, interval, ...shares, rule: 'renewal_stub' };
}

/** The quantity bought. Flat amounts of tiers are lines of their own with a quantity of one, not units. */
function quantityOf(lines: readonly Line[], price: Price | undefined): Rational {
  const units = lines.map((line) => line.quantity).reduce(add);
  if (lines.length === 1) return units;
  const billed = whole(lines.reduce((total, line) => total + line.amount, 0n));
  for (let flats = 0; flats < lines.length; flats++) {
    const candidate = subtract(units, whole(flats));
    const list = priceOf(price, candidate);
    if (list !== null && compare(list, billed) === 0) return candidate;
  }
  return units;
}

/**
 * Rate of a proration debit: the price of the full quantity, not the part of the period that was
 * billed. A discount is itemised on the line, or baked into the amount; `before` are the shares in
 * force so far, taken as they are when they explain the amount to the minor unit.
 */
export function rateOfDebit(
  lines: readonly Line[],
  price: Price | undefined,
  lowers: (discount: string) => boolean,
  before: Shares,
): Rate {
  const { start, end } = lines[0]!;
  const interval = price?.interval ?? inferInterval(start, end);
  const quantity = quantityOf(lines, lines.length > 1 ? undefined : price);
  const { amount, net, tax_share } = sum(lines, lowers);
  const seconds = BigInt(Math.max(1, end - start));
  const part = ratio(seconds, BigInt(fullSecondsBefore(end, interval)));
  const list = lines.length === 1 ? priceOf(price, quantity) : null;
  const rest = { quantity, interval, rule: 'proration_debit' } as const;
  const factor = monthlyFactor(interval);
  if (list === null) {
    const monthly = multiply(divide(multiply(net, tax_share), part), factor);
    return { ...rest, monthly, discount_share: before.discount_share, tax_share };
  }
  const itemised = lines.some((line) => line.discounts.length > 0);
  const discount_share =
    itemised && amount.n > 0n
      ? divide(atLeastZero(net), amount)
      : bakedShare(amount, multiply(list, part), before.discount_share);
  const taxes = closeTax(lines, net, tax_share, before.tax_share);
  const monthly = multiply(multiply(multiply(list, discount_share), taxes), factor);
  return { ...rest, monthly, discount_share, tax_share: taxes };
}

const SNAP = ratio(5n, 1000n);

function bakedShare(amount: Rational, expected: Rational, before: Rational): Rational {
  if (expected.n <= 0n) return before;
  const explains = (share: Rational): boolean =>
    compare(absolute(subtract(amount, multiply(expected, share))), ONE) <= 0;
  if (explains(before)) return before;
  const share = divide(amount, expected);
  if (explains(ONE) || compare(absolute(subtract(share, ONE)), SNAP) <= 0) return ONE;
  if (compare(share, ONE) > 0) return ONE;
  return share.n < 0n ? ZERO : share;
}

/** A prorated line's tax is rounded; the share seen on a full period is exact. */
function closeTax(
  lines: readonly Line[],
  net: Rational,
  share: Rational,
  before: Rational,
): Rational {
  const tax = whole(lines.reduce((total, line) => total + line.inclusive_tax, 0n));
  const expected = multiply(net, subtract(ONE, before));
  return compare(absolute(subtract(tax, expected)), ONE) <= 0 ? before : share;
}
