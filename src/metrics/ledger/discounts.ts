import type { Coupon, Discount } from '../stripe-facts/read-price.ts';
import type { Catalogue, History } from './facts.ts';
import { lowersMrr } from './policy.ts';
import type { CouponDuration, Policy } from './policy.ts';
import { ONE, atLeastZero, compare, divide, multiply, subtract, whole } from './rational.ts';
import type { Rational } from './rational.ts';

export function couponOf(discount: Discount | undefined, catalogue: Catalogue): Coupon | null {
  if (!discount) return null;
  return catalogue.coupons.get(discount.coupon) ?? discount.embedded;
}

/**
 * Which discounts on this subscription's lines lower MRR. A line names only the discount's id; where
 * its coupon cannot be told any more, one that reduced several periods, or still stands on the
 * subscription after an invoice, is recurring, else it was a gift for once.
 */
export function lowering(
  history: History,
  catalogue: Catalogue,
  policy: Policy,
): (discount: string) => boolean {
  const known = new Map<string, boolean>();
  return (id) => {
    const answer = known.get(id) ?? lowersMrr(policy, durationOf(id, history, catalogue));
    known.set(id, answer);
    return answer;
  };
}

function durationOf(id: string, history: History, catalogue: Catalogue): CouponDuration {
  const coupon = couponOf(history.discounts.get(id), catalogue);
  if (coupon) return coupon.duration;
  const starts = new Set<number>();
  for (const { lines } of history.bills) {
    for (const line of lines) {
      if (!line.proration && line.discounts.some((one) => one.discount === id))
        starts.add(line.start);
    }
  }
  const first = Math.min(...starts);
  // Stripe takes a used-up coupon off while it bills; two hours later it stands only if it goes on.
  const stands = (at: number, ids: readonly string[]): boolean =>
    at > first + 7_200 && ids.includes(id);
  const standing =
    history.snapshots.some(({ state }) => stands(state.at, state.discounts)) ||
    stands(history.subscription?.at ?? 0, history.subscription?.discounts ?? []);
  return starts.size > 1 || standing ? 'repeating' : 'once';
}

const HUNDRED = whole(100);

/**
 * What is left of one item's price after the discounts on its subscription: those of the item
 * first, then the subscription's, each on what is left. `share` is the item's part of the whole,
 * by which a fixed amount (which is per invoice) is divided.
 */
export function netOfDiscounts(
  gross: Rational,
  discounts: readonly Coupon[],
  share: Rational,
): Rational {
  let left = gross;
  for (const coupon of discounts) {
    if (coupon.percent_off !== null) {
      left = multiply(left, subtract(ONE, divide(coupon.percent_off, HUNDRED)));
    } else if (coupon.amount_off !== null) {
      left = atLeastZero(subtract(left, multiply(coupon.amount_off, share)));
    }
  }
  return compare(left, gross) > 0 ? gross : left;
}
