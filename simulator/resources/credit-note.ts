import type Stripe from 'stripe';
import type { State } from '../state.ts';
import { embedList } from '../wire.ts';
import type { Wire } from '../wire.ts';
import { renderTaxAmount, renderTaxRate, totalTaxes } from './tax.ts';
import type { TaxAmountRow } from './tax.ts';

export interface CreditNoteLineRow {
  id: string;
  /** Without what the discount takes off and without tax on top. */
  amount: number;
  discount_amounts: { discount: string; amount: number }[];
  description: string;
  quantity: number;
  unit_amount_decimal: string | null;
  invoice_line_item: string | null;
  taxes: TaxAmountRow[];
}

export interface CreditNoteRow {
  id: string;
  created: number;
  invoice: string;
  customer: string;
  currency: string;
  number: string;
  reason: Stripe.CreditNote.Reason | null;
  memo: string | null;
  status: 'issued' | 'void';
  voided_at: number | null;
  lines: CreditNoteLineRow[];
  /** Off what is still to pay; else back to the customer in one of the three ways below. */
  pre_payment_amount: number;
  post_payment_amount: number;
  refunds: { refund: string; amount_refunded: number }[];
  out_of_band_amount: number | null;
  customer_balance_transaction: string | null;
  metadata: Record<string, string>;
}

export function renderCreditNoteLine(
  state: State,
  row: CreditNoteLineRow,
): Wire<Stripe.CreditNoteLineItem> {
  const discount_amount = row.discount_amounts.reduce((sum, entry) => sum + entry.amount, 0);
  const { unit_amount_decimal } = row;
  return {
    id: row.id,
    object: 'credit_note_line_item',
    amount: row.amount,
    description: row.description,
    discount_amount,
    discount_amounts: row.discount_amounts,
    ...(row.invoice_line_item === null ? {} : { invoice_line_item: row.invoice_line_item }),
    livemode: state.settings.livemode,
    metadata: {},
    pretax_credit_amounts: row.discount_amounts.map((entry) => ({ ...entry, type: 'discount' })),
    quantity: row.quantity,
    tax_rates: row.taxes.map((tax) => renderTaxRate(state, state.taxRates.get(tax.tax_rate))),
    taxes: row.taxes.map(renderTaxAmount),
    type: row.invoice_line_item === null ? 'custom_line_item' : 'invoice_line_item',
    unit_amount:
      unit_amount_decimal === null || unit_amount_decimal.includes('.')
        ? null
        : Number(unit_amount_decimal),
    unit_amount_decimal,
  };
}

function totalsOf(row: CreditNoteRow) {
  const taxes = totalTaxes(row.lines);
  const discounts = new Map<string, number>();
  let subtotal = 0;
  for (const line of row.lines) {
    subtotal += line.amount;
    for (const { discount, amount } of line.discount_amounts) {
      discounts.set(discount, (discounts.get(discount) ?? 0) + amount);
    }
  }
  const discount_amounts = [...discounts].map(([discount, amount]) => ({ discount, amount }));
  const discount_amount = discount_amounts.reduce((sum, entry) => sum + entry.amount, 0);
  const onTop = taxes.reduce((sum, tax) => sum + (tax.inclusive ? 0 : tax.amount), 0);
  const within = taxes.reduce((sum, tax) => sum + (tax.inclusive ? tax.amount : 0), 0);
  const total = subtotal - discount_amount + onTop;
  return { subtotal, total, discount_amounts, discount_amount, taxes, onTop, within };
}

export function renderCreditNote(state: State, row: CreditNoteRow): Wire<Stripe.CreditNote> {
  const sums = totalsOf(row);
  return {
    id: row.id,
    object: 'credit_note',
    amount: sums.total,
    amount_shipping: 0,
    created: row.created,
    currency: row.currency,
    customer: row.customer,
    customer_account: null,
    customer_balance_transaction: row.customer_balance_transaction,
    discount_amount: sums.discount_amount,
    discount_amounts: sums.discount_amounts,
    effective_at: row.created,
    invoice: row.invoice,
    lines: embedList(
      row.lines.map((line) => renderCreditNoteLine(state, line)),
      `/v1/credit_notes/${row.id}/lines`,
    ),
    livemode: state.settings.livemode,
    memo: row.memo,
    metadata: row.metadata,
    number: row.number,
    out_of_band_amount: row.out_of_band_amount,
    pdf: `https://pay.stripe.com/credit_notes/${state.settings.account.id}/${row.id}/pdf`,
    post_payment_amount: row.post_payment_amount,
    pre_payment_amount: row.pre_payment_amount,
    pretax_credit_amounts: sums.discount_amounts.map((entry) => ({ ...entry, type: 'discount' })),
    reason: row.reason,
    refunds: row.refunds.map((entry) => ({
      ...entry,
      payment_record_refund: null,
      type: 'refund',
    })),
    shipping_cost: null,
    status: row.status,
    subtotal: sums.subtotal,
    subtotal_excluding_tax: sums.subtotal - sums.within,
    total: sums.total,
    total_excluding_tax: sums.total - sums.onTop - sums.within,
    total_taxes: sums.taxes.map(renderTaxAmount),
    type: row.pre_payment_amount > 0 ? 'pre_payment' : 'post_payment',
    voided_at: row.voided_at,
  };
}
