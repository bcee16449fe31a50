import type Stripe from 'stripe';
import type { State } from '../state.ts';
import type { Wire } from '../wire.ts';

export interface TaxRateRow {
  id: string;
  created: number;
  display_name: string;
  /** Percent, with up to four decimals. */
  percentage: number;
  /** The tax is part of the price, not on top of it. */
  inclusive: boolean;
  active: boolean;
  country: string | null;
  description: string | null;
  jurisdiction: string | null;
  tax_type: 'vat' | 'sales_tax' | 'gst' | null;
  metadata: Record<string, string>;
}

export interface TaxIdRow {
  id: string;
  created: number;
  customer: string;
  type: Stripe.TaxId.Type;
  value: string;
  country: string | null;
  verification: 'pending' | 'verified' | 'unverified' | 'unavailable';
  verified_name: string | null;
  deleted: boolean;
}

export function renderTaxRate(state: State, row: TaxRateRow): Wire<Stripe.TaxRate> {
  return {
    id: row.id,
    object: 'tax_rate',
    active: row.active,
    country: row.country,
    created: row.created,
    description: row.description,
    display_name: row.display_name,
    effective_percentage: row.percentage,
    flat_amount: null,
    inclusive: row.inclusive,
    jurisdiction: row.jurisdiction,
    jurisdiction_level: row.country === null ? null : 'country',
    livemode: state.settings.livemode,
    metadata: row.metadata,
    percentage: row.percentage,
    rate_type: 'percentage',
    state: null,
    tax_type: row.tax_type,
  };
}

export function renderTaxId(state: State, row: TaxIdRow): Wire<Stripe.TaxId> {
  return {
    id: row.id,
    object: 'tax_id',
    country: row.country,
    created: row.created,
    customer: row.customer,
    customer_account: null,
    livemode: state.settings.livemode,
    owner: { customer: row.customer, customer_account: null, type: 'customer' },
    type: row.type,
    value: row.value,
    verification: {
      status: row.verification,
      verified_address: null,
      verified_name: row.verified_name,
    },
  };
}

/** A tax on an invoice line, a credit note line or a whole invoice. */
export interface TaxAmountRow {
  tax_rate: string;
  amount: number;
  taxable_amount: number;
  inclusive: boolean;
}

export function renderTaxAmount(row: TaxAmountRow) {
  return {
    amount: row.amount,
    tax_behavior: row.inclusive ? ('inclusive' as const) : ('exclusive' as const),
    tax_rate_details: { tax_rate: row.tax_rate },
    taxability_reason: 'standard_rated' as const,
    taxable_amount: row.taxable_amount,
    type: 'tax_rate_details' as const,
  };
}

/** Summed over lines, one entry per rate. */
export function totalTaxes(lines: { taxes?: TaxAmountRow[] }[]): TaxAmountRow[] {
  const sums = new Map<string, TaxAmountRow>();
  for (const tax of lines.flatMap((line) => line.taxes ?? [])) {
    const known = sums.get(tax.tax_rate);
    if (known === undefined) sums.set(tax.tax_rate, { ...tax });
    else {
      known.amount += tax.amount;
      known.taxable_amount += tax.taxable_amount;
    }
  }
  return [...sums.values()];
}
