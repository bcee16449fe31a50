import type Stripe from 'stripe';
import type { State } from '../state.ts';
import { embedList } from '../wire.ts';
import type { Wire } from '../wire.ts';
import { renderAddress } from './customer.ts';
import { renderPricing } from './invoice-item.ts';
import { renderTaxAmount, totalTaxes } from './tax.ts';
import type { TaxAmountRow } from './tax.ts';

export interface DiscountAmountRow {
  discount: string;
  amount: number;
}

export interface LineRow {
  id: string;
  amount: number;
  description: string;
  price: string | null;
  product: string | null;
  unit_amount_decimal: string | null;
  quantity: number;
  period_start: number;
  period_end: number;
  subscription: string | null;
  subscription_item: string | null;
  invoice_item: string | null;
  proration: boolean;
  credited: { invoice: string; invoice_line_items: string[] } | null;
  discount_amounts: DiscountAmountRow[];
  taxes?: TaxAmountRow[];
}

export interface InvoiceRow {
  id: string;
  created: number;
  customer: string;
  subscription: string | null;
  status: 'draft' | 'open' | 'paid' | 'void' | 'uncollectible';
  billing_reason: 'subscription_create' | 'subscription_cycle' | 'subscription_update' | 'manual';
  collection_method: 'charge_automatically' | 'send_invoice';
  currency: string;
  lines: LineRow[];
  discounts: string[];
  subtotal: number;
  total: number;
  amount_due: number;
  amount_paid: number;
  starting_balance: number;
  ending_balance: number | null;
  number: string | null;
  attempt_count: number;
  attempted: boolean;
  auto_advance: boolean;
  next_payment_attempt: number | null;
  automatically_finalizes_at: number | null;
  due_date: number | null;
  period_start: number;
  period_end: number;
  finalized_at: number | null;
  paid_at: number | null;
  voided_at: number | null;
  uncollectible_at: number | null;
  uncollectible_reason: Stripe.Invoice.StatusDetails.Uncollectible.Reason | null;
  /** The invoice_payment rows, the payment intent of the latest first. */
  payments: string[];
  customer_name: string | null;
  customer_email: string | null;
  customer_country: string | null;
  /** Credited while still open, and after it was paid. */
  pre_payment_credit?: number;
  post_payment_credit?: number;
  quote?: string;
  test_clock?: string;
  /** A draft that was deleted. */
  deleted?: true;
}

export function renderLine(
  state: State,
  invoice: string,
  currency: string,
  row: LineRow,
): Wire<Stripe.InvoiceLineItem> {
  const proration_details = { credited_items: row.credited };
  return {
    id: row.id,
    object: 'line_item',
    amount: row.amount,
    currency,
    description: row.description,
    discount_amounts: row.discount_amounts,
    discountable: !row.proration,
    discounts: row.discount_amounts.map((entry) => entry.discount),
    invoice,
    livemode: state.settings.livemode,
    metadata: {},
    parent:
      row.subscription_item !== null
        ? {
            invoice_item_details: null,
            subscription_item_details: {
              invoice_item: row.invoice_item,
              proration: row.proration,
              proration_details,
              subscription: row.subscription,
              subscription_item: row.subscription_item,
            },
            type: 'subscription_item_details',
          }
        : row.invoice_item !== null
          ? {
              invoice_item_details: {
                invoice_item: row.invoice_item,
                proration: row.proration,
                proration_details,
                subscription: row.subscription,
              },
              subscription_item_details: null,
              type: 'invoice_item_details',
            }
          : null,
    period: { start: row.period_start, end: row.period_end },
    pretax_credit_amounts: row.discount_amounts.map((entry) => ({
      amount: entry.amount,
      discount: entry.discount,
      type: 'discount',
    })),
    pricing: renderPricing(row),
    quantity: row.quantity,
    quantity_decimal: String(row.quantity),
    subscription: row.subscription,
    subtotal: row.amount,
    taxes: (row.taxes ?? []).map(renderTaxAmount),
  };
}

/** Discounts summed over the lines, one entry per discount. */
function totalDiscounts(row: InvoiceRow): DiscountAmountRow[] {
  const sums = new Map<string, number>();
  for (const line of row.lines) {
    for (const entry of line.discount_amounts) {
      sums.set(entry.discount, (sums.get(entry.discount) ?? 0) + entry.amount);
    }
  }
  return [...sums].map(([discount, amount]) => ({ discount, amount }));
}

function renderParent(row: InvoiceRow): Wire<Stripe.Invoice.Parent> | null {
  const quote_details = row.quote === undefined ? null : { quote: row.quote };
  if (row.subscription === null) {
    if (quote_details === null) return null;
    return { quote_details, subscription_details: null, type: 'quote_details' };
  }
  return {
    quote_details,
    subscription_details: { metadata: {}, subscription: row.subscription },
    type: 'subscription_details',
  };
}

export function renderInvoice(state: State, row: InvoiceRow): Wire<Stripe.Invoice> {
  const account = state.settings.account;
  const discountAmounts = totalDiscounts(row);
  const taxes = totalTaxes(row.lines);
  const taxed = taxes.reduce((sum, tax) => sum + tax.amount, 0);
  const within = taxes.reduce((sum, tax) => sum + (tax.inclusive ? tax.amount : 0), 0);
  const page =
    row.finalized_at === null ? null : `https://invoice.stripe.com/i/${account.id}/${row.id}`;
  return {
    id: row.id,
    object: 'invoice',
    account_country: account.country,
    account_name: account.name,
    account_tax_ids: null,
    amount_due: row.amount_due,
    amount_overpaid: 0,
    amount_paid: row.amount_paid,
    amount_paid_off_stripe: 0,
    amount_remaining: row.status === 'paid' ? 0 : row.amount_due - row.amount_paid,
    amount_shipping: 0,
    application: null,
    attempt_count: row.attempt_count,
    attempted: row.attempted,
    auto_advance: row.auto_advance,
    automatic_tax: {
      disabled_reason: null,
      enabled: false,
      liability: null,
      provider: null,
      status: null,
    },
    automatically_finalizes_at: row.automatically_finalizes_at,
    billing_reason: row.billing_reason,
    collection_method: row.collection_method,
    created: row.created,
    currency: row.currency,
    custom_fields: null,
    customer: row.customer,
    customer_account: null,
    customer_address: renderAddress({
      country: row.customer_country,
      city: null,
      postal_code: null,
    }),
    customer_email: row.customer_email,
    customer_name: row.customer_name,
    customer_phone: null,
    customer_shipping: null,
    customer_tax_exempt: 'none',
    customer_tax_ids: [],
    default_payment_method: null,
    default_source: null,
    default_tax_rates: [],
    description: null,
    discounts: row.discounts,
    due_date: row.due_date,
    effective_at: row.finalized_at,
    ending_balance: row.ending_balance,
    footer: null,
    from_invoice: null,
    hosted_invoice_url: page,
    invoice_pdf: page === null ? null : `${page}/pdf`,
    issuer: { type: 'self' },
    last_finalization_error: null,
    latest_revision: null,
    lines: embedList(
      row.lines.map((line) => renderLine(state, row.id, row.currency, line)),
      `/v1/invoices/${row.id}/lines`,
    ),
    livemode: state.settings.livemode,
    metadata: {},
    next_payment_attempt: row.next_payment_attempt,
    number: row.number,
    on_behalf_of: null,
    parent: renderParent(row),
    payment_settings: {
      default_mandate: null,
      payment_method_options: null,
      payment_method_types: null,
    },
    period_end: row.period_end,
    period_start: row.period_start,
    post_payment_credit_notes_amount: row.post_payment_credit ?? 0,
    pre_payment_credit_notes_amount: row.pre_payment_credit ?? 0,
    receipt_number: null,
    rendering: null,
    shipping_cost: null,
    shipping_details: null,
    starting_balance: row.starting_balance,
    statement_descriptor: null,
    status: row.status,
    ...(row.uncollectible_reason === null
      ? {}
      : { status_details: { uncollectible: { reason: row.uncollectible_reason } } }),
    status_transitions: {
      finalized_at: row.finalized_at,
      marked_uncollectible_at: row.uncollectible_at,
      paid_at: row.paid_at,
      voided_at: row.voided_at,
    },
    subtotal: row.subtotal,
    subtotal_excluding_tax: row.subtotal - within,
    test_clock: row.test_clock ?? null,
    total: row.total,
    total_discount_amounts: discountAmounts,
    total_excluding_tax: row.total - taxed,
    total_pretax_credit_amounts: discountAmounts.map((entry) => ({ ...entry, type: 'discount' })),
    total_taxes: taxes.map(renderTaxAmount),
    webhooks_delivered_at: row.finalized_at,
  };
}
