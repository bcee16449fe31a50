import type Stripe from 'stripe';
import type { State } from '../state.ts';
import type { Wire } from '../wire.ts';

export interface PromotionCodeRow {
  id: string;
  created: number;
  code: string;
  coupon: string;
  active: boolean;
  /** Only this customer may use it. */
  customer: string | null;
  expires_at: number | null;
  max_redemptions: number | null;
  first_time_transaction: boolean;
  minimum_amount: number | null;
  minimum_amount_currency: string | null;
  times_redeemed: number;
  metadata: Record<string, string>;
}

export function renderPromotionCode(
  state: State,
  row: PromotionCodeRow,
): Wire<Stripe.PromotionCode> {
  return {
    id: row.id,
    object: 'promotion_code',
    active: row.active,
    code: row.code,
    created: row.created,
    customer: row.customer,
    customer_account: null,
    expires_at: row.expires_at,
    livemode: state.settings.livemode,
    max_redemptions: row.max_redemptions,
    metadata: row.metadata,
    promotion: { coupon: row.coupon, type: 'coupon' },
    restrictions: {
      first_time_transaction: row.first_time_transaction,
      minimum_amount: row.minimum_amount,
      minimum_amount_currency: row.minimum_amount_currency,
    },
    times_redeemed: row.times_redeemed,
  };
}
