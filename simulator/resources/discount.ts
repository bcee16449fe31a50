import type Stripe from 'stripe';
import type { State } from '../state.ts';
import type { Wire } from '../wire.ts';

export interface CouponRow {
  id: string;
  created: number;
  name: string | null;
  amount_off: number | null;
  currency: string | null;
  percent_off: number | null;
  duration: 'once' | 'repeating' | 'forever';
  duration_in_months: number | null;
  times_redeemed: number;
  valid: boolean;
  metadata: Record<string, string>;
}

export interface DiscountRow {
  id: string;
  /** When it starts; also its place in order. */
  created: number;
  coupon: string;
  customer: string;
  subscription: string | null;
  end: number | null;
  /** A `once` coupon that has met its invoice. */
  used: boolean;
  /** The code it was had by. */
  promotion_code?: string;
}

export function renderCoupon(state: State, row: CouponRow): Wire<Stripe.Coupon> {
  return {
    id: row.id,
    object: 'coupon',
    amount_off: row.amount_off,
    created: row.created,
    currency: row.currency,
    duration: row.duration,
    duration_in_months: row.duration_in_months,
    livemode: state.settings.livemode,
    max_redemptions: null,
    metadata: row.metadata,
    name: row.name,
    percent_off: row.percent_off,
    redeem_by: null,
    times_redeemed: row.times_redeemed,
    valid: row.valid,
  };
}

export function renderDiscount(_state: State, row: DiscountRow): Wire<Stripe.Discount> {
  return {
    id: row.id,
    object: 'discount',
    checkout_session: null,
    customer: row.customer,
    customer_account: null,
    end: row.end,
    invoice: null,
    invoice_item: null,
    promotion_code: row.promotion_code ?? null,
    source: { coupon: row.coupon, type: 'coupon' },
    start: row.created,
    subscription: row.subscription,
    subscription_item: null,
  };
}
