import type { DiscountRow } from '../resources/discount.ts';
import type { LineRow } from '../resources/invoice.ts';
import type { SubscriptionRow } from '../resources/subscription.ts';
import type { State } from '../state.ts';
import { allocate, share } from './amount.ts';
import { changeCustomer, changeSubscription } from './change.ts';
import { boundary } from './period.ts';

/** The discounts that apply to a subscription's invoices now: its own, else its customer's. */
export function activeDiscounts(
  state: State,
  subscription: SubscriptionRow | null,
  customer: string,
) {
  const own = subscription?.discounts ?? [];
  const fallback = state.customers.get(customer).discount;
  const ids = own.length > 0 ? own : fallback === null ? [] : [fallback];
  const now = state.now();
  return ids
    .map((id) => state.discounts.get(id))
    .filter((discount) => !discount.used && (discount.end === null || discount.end > now));
}

/** Starts a discount on a subscription, or on the customer when no subscription is named. */
export function startDiscount(
  state: State,
  couponId: string,
  customer: string,
  subscription: string | null,
  promotionCode?: string,
): DiscountRow {
  const coupon = state.coupons.get(couponId);
  const now = state.now();
  const discount = state.discounts.put({
    id: state.ids.make('di_', 24),
    created: now,
    coupon: couponId,
    customer,
    subscription,
    end:
      coupon.duration === 'repeating'
        ? boundary(now, 'month', coupon.duration_in_months ?? 1, 1)
        : null,
    used: false,
    ...(promotionCode === undefined ? {} : { promotion_code: promotionCode }),
  });
  state.coupons.put({ ...coupon, times_redeemed: coupon.times_redeemed + 1 });
  if (discount.end !== null) state.agenda.add(discount.end, 'end_discount', discount.id);
  state.emit('customer.discount.created', 'discount', discount);
  return discount;
}

/** Takes a discount off its subscription or customer. */
export function endDiscount(state: State, id: string): void {
  const discount = state.discounts.get(id);
  if (discount.used) return;
  const ended = state.discounts.put({ ...discount, used: true, end: discount.end ?? state.now() });
  const owner =
    discount.subscription === null ? undefined : state.subscriptions.get(discount.subscription);
  if (owner?.discounts.includes(id) === true && owner.status !== 'canceled') {
    const discounts = owner.discounts.filter((entry) => entry !== id);
    changeSubscription(state, owner.id, { discounts });
  }
  if (owner === undefined && state.customers.get(discount.customer).discount === id) {
    changeCustomer(state, discount.customer, { discount: null });
  }
  state.emit('customer.discount.deleted', 'discount', ended);
}

/** Per line, what the discounts take off; prorations already carry theirs. */
export function discountLines(state: State, lines: LineRow[], discounts: DiscountRow[]): LineRow[] {
  if (discounts.length === 0) return lines;
  let priced = lines;
  for (const discount of discounts) {
    const coupon = state.coupons.get(discount.coupon);
    const left = priced.map((line) =>
      line.proration || line.amount <= 0
        ? 0
        : line.amount - line.discount_amounts.reduce((sum, entry) => sum + entry.amount, 0),
    );
    const open = left.reduce((sum, amount) => sum + amount, 0);
    const off =
      coupon.percent_off === null
        ? allocate(Math.min(coupon.amount_off ?? 0, open), left)
        : left.map((amount) => percentOf(amount, coupon.percent_off ?? 0));
    priced = priced.map((line, index) => {
      const amount = off[index] ?? 0;
      if (amount === 0) return line;
      const discount_amounts = [...line.discount_amounts, { discount: discount.id, amount }];
      return { ...line, discount_amounts };
    });
  }
  return priced;
}

/** Percentages have up to two decimals. */
const percentOf = (amount: number, percent: number): number =>
  share(amount, Math.round(percent * 100), 10_000);

/** What a proration of this size becomes under percentage discounts (baked into the amount). */
export function discountedProration(
  state: State,
  amount: number,
  discounts: DiscountRow[],
): number {
  let net = amount;
  for (const discount of discounts) {
    const percent = state.coupons.get(discount.coupon).percent_off;
    if (percent !== null) net -= percentOf(net, percent);
  }
  return net;
}
