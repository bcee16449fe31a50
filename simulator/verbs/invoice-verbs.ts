import { finalizeInvoice, markUncollectible, voidInvoice } from '../billing/collect-payment.ts';
import { deleteDraft, deleteInvoiceItem } from '../billing/deletion.ts';
import { draftInvoice } from '../billing/draft-invoice.ts';
import { collectInvoice, payOpenInvoice } from '../billing/dun.ts';
import { addPendingItem } from '../billing/prorate.ts';
import { renderInvoiceItem } from '../resources/invoice-item.ts';
import { renderInvoice } from '../resources/invoice.ts';
import { CatalogueVerbs } from './catalogue-verbs.ts';

export interface OneOffItem {
  customer: string;
  amount: number;
  currency?: string;
  description?: string;
  subscription?: string;
}

/** Invoices and the amounts that wait for one. */
export class InvoiceVerbs extends CatalogueVerbs {
  payOpenInvoice(id: string) {
    const state = this.ready();
    return renderInvoice(state, payOpenInvoice(state, id));
  }

  voidInvoice(id: string) {
    const state = this.ready();
    voidInvoice(state, id);
    return renderInvoice(state, state.invoices.get(id));
  }

  markUncollectible(id: string) {
    const state = this.ready();
    markUncollectible(state, id, 'user_forgiven');
    return renderInvoice(state, state.invoices.get(id));
  }

  /** An amount that waits for the customer's next invoice. */
  createOneOffInvoiceItem(options: OneOffItem) {
    const state = this.ready();
    const now = state.now();
    const item = addPendingItem(state, {
      id: state.ids.make('ii_', 24),
      created: now,
      customer: options.customer,
      subscription: options.subscription ?? null,
      subscription_item: null,
      price: null,
      product: null,
      unit_amount_decimal: null,
      quantity: 1,
      amount: options.amount,
      currency: options.currency ?? state.settings.account.default_currency,
      description: options.description ?? 'One-off charge',
      period_start: now,
      period_end: now,
      proration: false,
      credited: null,
      invoice: null,
    });
    return renderInvoiceItem(state, item);
  }

  deleteInvoiceItem(id: string) {
    deleteInvoiceItem(this.ready(), id);
    return { id, object: 'invoiceitem' as const, deleted: true as const };
  }

  /** A draft of the customer's pending items, left as it is. */
  draftInvoice(customer: string) {
    const state = this.ready();
    return renderInvoice(state, this.#draft(customer, false));
  }

  /** Deletes such a draft; its items wait again. */
  deleteDraft(id: string) {
    deleteDraft(this.ready(), id);
    return { id, object: 'invoice' as const, deleted: true as const };
  }

  #draft(customer: string, auto_advance: boolean) {
    const now = this.state.now();
    return draftInvoice(this.state, {
      customer,
      subscription: null,
      billing_reason: 'manual',
      lines: [],
      period_start: now,
      period_end: now,
      auto_advance,
    });
  }

  /** Invoices the customer's pending items at once and tries to collect. */
  invoicePendingItems(customer: string) {
    const state = this.ready();
    const draft = this.#draft(customer, true);
    finalizeInvoice(state, draft.id);
    return renderInvoice(state, collectInvoice(state, draft.id));
  }
}
