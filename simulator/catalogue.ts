import type { CouponRow } from './resources/discount.ts';
import type { Interval, PriceRow } from './resources/price.ts';
import type { ProductRow } from './resources/product.ts';
import type { State } from './state.ts';

export interface ProductOptions {
  id?: string;
  name: string;
  description?: string;
  unit_label?: string;
  metadata?: Record<string, string>;
}

export interface PriceOptions {
  id?: string;
  product: string;
  /** Minor units. Either this, the decimal form, or tiers. */
  unit_amount?: number;
  unit_amount_decimal?: string;
  currency?: string;
  /** Null makes a one-off price. Default `month`. */
  interval?: Interval | null;
  interval_count?: number;
  tiers?: {
    up_to: number | null;
    unit_amount?: number;
    unit_amount_decimal?: string;
    flat_amount?: number;
  }[];
  tiers_mode?: 'graduated' | 'volume';
  nickname?: string;
  lookup_key?: string;
  metadata?: Record<string, string>;
}

export interface CouponOptions {
  id?: string;
  name?: string;
  percent_off?: number;
  amount_off?: number;
  currency?: string;
  duration?: CouponRow['duration'];
  duration_in_months?: number;
  metadata?: Record<string, string>;
}

export function createProduct(state: State, options: ProductOptions): ProductRow {
  const now = state.now();
  const row = state.products.put({
    id: options.id ?? state.ids.make('prod_', 14),
    created: now,
    updated: now,
    name: options.name,
    description: options.description ?? null,
    active: true,
    default_price: null,
    unit_label: options.unit_label ?? null,
    metadata: options.metadata ?? {},
    deleted: false,
  });
  state.emit('product.created', 'product', row);
  return row;
}

export function createPrice(state: State, options: PriceOptions): PriceRow {
  const unit = options.unit_amount_decimal ?? options.unit_amount?.toString() ?? null;
  const row = state.prices.put({
    id: options.id ?? state.ids.make('price_', 24),
    created: state.now(),
    product: state.products.get(options.product).id,
    currency: options.currency ?? state.settings.account.default_currency,
    nickname: options.nickname ?? null,
    lookup_key: options.lookup_key ?? null,
    active: true,
    interval: options.interval === undefined ? 'month' : options.interval,
    interval_count: options.interval_count ?? 1,
    unit_amount_decimal: options.tiers === undefined ? (unit ?? '0') : null,
    tiers:
      options.tiers?.map((tier) => ({
        up_to: tier.up_to,
        unit_amount_decimal: tier.unit_amount_decimal ?? tier.unit_amount?.toString() ?? null,
        flat_amount: tier.flat_amount ?? null,
      })) ?? null,
    tiers_mode: options.tiers === undefined ? null : (options.tiers_mode ?? 'graduated'),
    metadata: options.metadata ?? {},
  });
  if (row.interval !== null) state.emit('plan.created', 'plan', row);
  state.emit('price.created', 'price', row);
  return row;
}

export function updateProduct(
  state: State,
  id: string,
  change: Partial<
    Pick<ProductRow, 'name' | 'description' | 'active' | 'default_price' | 'metadata'>
  >,
): ProductRow {
  const before = state.products.get(id);
  const after = state.products.put({ ...before, ...change, updated: state.now() });
  state.emit('product.updated', 'product', after, before);
  return after;
}

export function updatePrice(
  state: State,
  id: string,
  change: Partial<Pick<PriceRow, 'active' | 'nickname' | 'lookup_key' | 'metadata'>>,
): PriceRow {
  const before = state.prices.get(id);
  const after = state.prices.put({ ...before, ...change });
  if (after.interval !== null) state.emit('plan.updated', 'plan', after, before);
  state.emit('price.updated', 'price', after, before);
  return after;
}

export function createCoupon(state: State, options: CouponOptions): CouponRow {
  const row = state.coupons.put({
    id: options.id ?? state.ids.make('', 8),
    created: state.now(),
    name: options.name ?? null,
    amount_off: options.amount_off ?? null,
    currency:
      options.amount_off === undefined
        ? null
        : (options.currency ?? state.settings.account.default_currency),
    percent_off: options.percent_off ?? null,
    duration: options.duration ?? 'once',
    duration_in_months: options.duration_in_months ?? null,
    times_redeemed: 0,
    valid: true,
    metadata: options.metadata ?? {},
  });
  state.emit('coupon.created', 'coupon', row);
  return row;
}

export function updateCoupon(
  state: State,
  id: string,
  change: Partial<Pick<CouponRow, 'name' | 'metadata'>>,
): CouponRow {
  const before = state.coupons.get(id);
  const after = state.coupons.put({ ...before, ...change });
  state.emit('coupon.updated', 'coupon', after, before);
  return after;
}

export function deleteCoupon(state: State, id: string): void {
  const row = state.coupons.get(id);
  state.coupons.put({ ...row, valid: false });
  state.deletedCoupons.add(id);
  state.emit('coupon.deleted', 'coupon', { ...row, valid: false });
}
