import type { PromotionCodeRow } from '../resources/promotion-code.ts';
import type { State } from '../state.ts';

export interface PromotionCodeOptions {
  coupon: string;
  code?: string;
  customer?: string;
  /** Unix seconds. */
  expires_at?: number;
  max_redemptions?: number;
  first_time_transaction?: boolean;
  minimum_amount?: number;
  metadata?: Record<string, string>;
}

export function createPromotionCode(state: State, options: PromotionCodeOptions): PromotionCodeRow {
  const row = state.promotionCodes.put({
    id: state.ids.make('promo_', 24),
    created: state.now(),
    code: options.code ?? state.ids.make('', 8).toUpperCase(),
    coupon: state.coupons.get(options.coupon).id,
    active: true,
    customer: options.customer ?? null,
    expires_at: options.expires_at ?? null,
    max_redemptions: options.max_redemptions ?? null,
    first_time_transaction: options.first_time_transaction ?? false,
    minimum_amount: options.minimum_amount ?? null,
    minimum_amount_currency:
      options.minimum_amount === undefined ? null : state.settings.account.default_currency,
    times_redeemed: 0,
    metadata: options.metadata ?? {},
  });
  state.emit('promotion_code.created', 'promotion_code', row);
  return row;
}

export function updatePromotionCode(
  state: State,
  id: string,
  change: Partial<Pick<PromotionCodeRow, 'active' | 'metadata' | 'times_redeemed'>>,
): PromotionCodeRow {
  const before = state.promotionCodes.get(id);
  const after = state.promotionCodes.put({ ...before, ...change });
  state.emit('promotion_code.updated', 'promotion_code', after, before);
  return after;
}

/** Counts one use; the last one allowed ends it. Gives back the coupon behind it. */
export function redeemPromotionCode(state: State, id: string): string {
  const row = state.promotionCodes.get(id);
  const over = row.expires_at !== null && row.expires_at <= state.now();
  if (!row.active || over) throw new Error(`Promotion code ${row.code} cannot be used any more`);
  const times_redeemed = row.times_redeemed + 1;
  const last = row.max_redemptions !== null && times_redeemed >= row.max_redemptions;
  const change = { times_redeemed, ...(last ? { active: false } : {}) };
  state.aside(() => updatePromotionCode(state, id, change));
  return row.coupon;
}
