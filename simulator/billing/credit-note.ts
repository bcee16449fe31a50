import type { CreditNoteLineRow, CreditNoteRow } from '../resources/credit-note.ts';
import type { InvoiceRow } from '../resources/invoice.ts';
import type { State } from '../state.ts';
import { changeCustomer, changeInvoice } from './change.ts';
import { lowerAmountDue } from './collect-payment.ts';
import { refundCharge } from './customer.ts';
import { taxOnTop } from './tax.ts';

export interface CreditNoteOptions {
  invoice: string;
  /** In minor units, as one line of its own. Without it, all lines of the invoice. */
  amount?: number;
  reason?: CreditNoteRow['reason'];
  memo?: string;
  /**
   * How a paid amount goes back: `refund` (default) to the card, `balance` to the customer's
   * balance, `out_of_band` by other means, or the id of a refund made before.
   */
  by?: 'refund' | 'balance' | 'out_of_band' | (string & {});
  metadata?: Record<string, string>;
}

function linesOf(state: State, invoice: InvoiceRow, options: CreditNoteOptions) {
  const id = () => state.ids.make('cnli_', 24);
  const { amount } = options;
  if (amount === undefined) {
    return invoice.lines.map((line): CreditNoteLineRow => ({
      id: id(),
      amount: line.amount,
      discount_amounts: line.discount_amounts,
      description: line.description,
      quantity: line.quantity,
      unit_amount_decimal: line.unit_amount_decimal,
      invoice_line_item: line.id,
      taxes: line.taxes ?? [],
    }));
  }
  const line: CreditNoteLineRow = {
    id: id(),
    amount,
    discount_amounts: [],
    description: options.memo ?? 'Credit',
    quantity: 1,
    unit_amount_decimal: String(amount),
    invoice_line_item: null,
    taxes: [],
  };
  return [line];
}

const totalOf = (lines: CreditNoteLineRow[]): number =>
  lines.reduce((sum, line) => {
    const off = line.discount_amounts.reduce((all, entry) => all + entry.amount, 0);
    return sum + line.amount - off + taxOnTop(line);
  }, 0);

/** Gives a paid amount back in the way that was asked for. */
function giveBack(state: State, invoice: InvoiceRow, total: number, by: string, memo: string) {
  if (by === 'out_of_band') return { out_of_band_amount: total };
  if (by === 'balance') {
    const { balance } = state.customers.get(invoice.customer);
    changeCustomer(state, invoice.customer, { balance: balance - total });
    return { customer_balance_transaction: state.ids.make('cbtxn_', 24) };
  }
  if (by !== 'refund') return { refunds: [{ refund: by, amount_refunded: total }] };
  const payment = state.invoicePayments.get(invoice.payments[0] ?? '');
  const charge = state.paymentIntents.get(payment.payment_intent).latest_charge;
  if (charge === null) throw new Error(`Invoice ${invoice.id} was not paid by a charge (${memo})`);
  const refund = refundCharge(state, charge, total).id;
  return { refunds: [{ refund, amount_refunded: total }] };
}

/** Lowers what an open invoice asks for, or gives back what a paid one took. */
export function issueCreditNote(state: State, options: CreditNoteOptions): CreditNoteRow {
  const invoice = state.invoices.get(options.invoice);
  const open = invoice.status === 'open';
  if (!open && invoice.status !== 'paid') {
    throw new Error(`Invoice ${invoice.id} is ${invoice.status}; it cannot be credited`);
  }
  const lines = linesOf(state, invoice, options);
  const total = totalOf(lines);
  const left = open ? invoice.amount_due : invoice.total - (invoice.post_payment_credit ?? 0);
  if (total <= 0 || total > left) throw new Error(`${left} can be credited, not ${total}`);
  const issued = state.creditNotes.of(invoice.id).length;
  const row: CreditNoteRow = {
    id: state.ids.make('cn_', 24),
    created: state.now(),
    invoice: invoice.id,
    customer: invoice.customer,
    currency: invoice.currency,
    number: `${invoice.number ?? ''}-CN-${String(issued + 1).padStart(2, '0')}`,
    reason: options.reason ?? null,
    memo: options.memo ?? null,
    status: 'issued',
    voided_at: null,
    lines,
    pre_payment_amount: open ? total : 0,
    post_payment_amount: open ? 0 : total,
    refunds: [],
    out_of_band_amount: null,
    customer_balance_transaction: null,
    metadata: options.metadata ?? {},
    ...(open ? {} : giveBack(state, invoice, total, options.by ?? 'refund', 'credit note')),
  };
  state.creditNotes.put(row);
  state.emit('credit_note.created', 'credit_note', row);
  if (open) {
    const pre_payment_credit = (invoice.pre_payment_credit ?? 0) + total;
    lowerAmountDue(state, invoice.id, total, { pre_payment_credit });
  } else {
    const post_payment_credit = (invoice.post_payment_credit ?? 0) + total;
    changeInvoice(state, invoice.id, { post_payment_credit });
  }
  return row;
}

/** Takes a credit note on a still open invoice back. */
export function voidCreditNote(state: State, id: string): CreditNoteRow {
  const before = state.creditNotes.get(id);
  const invoice = state.invoices.get(before.invoice);
  if (before.status !== 'issued' || invoice.status !== 'open') {
    throw new Error('Only a credit note on an open invoice can be voided');
  }
  const voided = state.creditNotes.put({ ...before, status: 'void', voided_at: state.now() });
  state.emit('credit_note.voided', 'credit_note', voided);
  const pre_payment_credit = (invoice.pre_payment_credit ?? 0) - before.pre_payment_amount;
  lowerAmountDue(state, invoice.id, -before.pre_payment_amount, { pre_payment_credit });
  return voided;
}

/** Changes the memo or metadata, all there is to change. */
export function updateCreditNote(
  state: State,
  id: string,
  change: Partial<Pick<CreditNoteRow, 'memo' | 'metadata'>>,
): CreditNoteRow {
  const before = state.creditNotes.get(id);
  const after = state.creditNotes.put({ ...before, ...change });
  state.emit('credit_note.updated', 'credit_note', after, before);
  return after;
}
