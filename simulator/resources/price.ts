import type Stripe from 'stripe';
import type { State } from '../state.ts';
import type { Wire } from '../wire.ts';

export type Interval = 'day' | 'week' | 'month' | 'year';

export interface TierRow {
  up_to: number | null;
  unit_amount_decimal: string | null;
  flat_amount: number | null;
}

export interface PriceRow {
  id: string;
  created: number;
  product: string;
  currency: string;
  nickname: string | null;
  lookup_key: string | null;
  active: boolean;
  /** Null for a one-off price. */
  interval: Interval | null;
  interval_count: number;
  /** Minor units as a decimal string (may hold fractions of a cent); null when tiered. */
  unit_amount_decimal: string | null;
  tiers: TierRow[] | null;
  tiers_mode: 'graduated' | 'volume' | null;
  metadata: Record<string, string>;
  deleted?: true;
}

/** Stripe gives the integer form only when the decimal has no fraction. */
const wholeOrNull = (decimal: string | null): number | null =>
  decimal === null || decimal.includes('.') ? null : Number(decimal);

export function renderTiers(row: PriceRow): Wire<Stripe.Price.Tier>[] | undefined {
  return row.tiers?.map((tier) => ({
    flat_amount: tier.flat_amount,
    flat_amount_decimal: tier.flat_amount === null ? null : String(tier.flat_amount),
    unit_amount: wholeOrNull(tier.unit_amount_decimal),
    unit_amount_decimal: tier.unit_amount_decimal,
    up_to: tier.up_to,
  }));
}

export function renderPrice(state: State, row: PriceRow): Wire<Stripe.Price> {
  return {
    id: row.id,
    object: 'price',
    active: row.active,
    billing_scheme: row.tiers === null ? 'per_unit' : 'tiered',
    created: row.created,
    currency: row.currency,
    custom_unit_amount: null,
    livemode: state.settings.livemode,
    lookup_key: row.lookup_key,
    metadata: row.metadata,
    nickname: row.nickname,
    product: row.product,
    recurring:
      row.interval === null
        ? null
        : {
            interval: row.interval,
            interval_count: row.interval_count,
            meter: null,
            trial_period_days: null,
            usage_type: 'licensed',
          },
    tax_behavior: 'unspecified',
    tiers_mode: row.tiers_mode,
    transform_quantity: null,
    type: row.interval === null ? 'one_time' : 'recurring',
    unit_amount: wholeOrNull(row.unit_amount_decimal),
    unit_amount_decimal: row.unit_amount_decimal,
  };
}

/** The older name of a recurring price, still embedded in every subscription item. */
export function renderPlan(state: State, row: PriceRow): Wire<Stripe.Plan> {
  return {
    id: row.id,
    object: 'plan',
    active: row.active,
    amount: wholeOrNull(row.unit_amount_decimal),
    amount_decimal: row.unit_amount_decimal,
    billing_scheme: row.tiers === null ? 'per_unit' : 'tiered',
    created: row.created,
    currency: row.currency,
    interval: row.interval ?? 'month',
    interval_count: row.interval_count,
    livemode: state.settings.livemode,
    metadata: row.metadata,
    meter: null,
    nickname: row.nickname,
    product: row.product,
    tiers_mode: row.tiers_mode,
    transform_usage: null,
    trial_period_days: null,
    usage_type: 'licensed',
  };
}
