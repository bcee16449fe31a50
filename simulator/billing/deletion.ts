import type { InvoiceItemRow } from '../resources/invoice-item.ts';
import type { InvoiceRow } from '../resources/invoice.ts';
import type { PriceRow } from '../resources/price.ts';
import type { ProductRow } from '../resources/product.ts';
import type { State } from '../state.ts';

/** Deletes a draft that no subscription made. What it took waits for the next invoice again. */
export function deleteDraft(state: State, id: string): InvoiceRow {
  const draft = state.invoices.get(id);
  if (draft.status !== 'draft' || draft.subscription !== null || draft.deleted === true) {
    throw new Error(`Invoice ${id} is no draft that can be deleted`);
  }
  const deleted = state.invoices.put({ ...draft, deleted: true });
  const items = draft.lines.flatMap((line) => line.invoice_item ?? []);
  for (const item of items) {
    state.invoiceItems.put({ ...state.invoiceItems.get(item), invoice: null });
  }
  const pending = state.pendingItems.get(draft.customer) ?? [];
  if (items.length > 0) state.pendingItems.set(draft.customer, [...pending, ...items]);
  state.emit('invoice.deleted', 'invoice', deleted);
  return deleted;
}

/** Deletes an amount no invoice has taken yet. */
export function deleteInvoiceItem(state: State, id: string): InvoiceItemRow {
  const item = state.invoiceItems.get(id);
  if (item.invoice !== null || item.deleted === true) {
    throw new Error(`Invoice item ${id} does not wait for an invoice`);
  }
  const deleted = state.invoiceItems.put({ ...item, deleted: true });
  const pending = state.pendingItems.get(item.customer) ?? [];
  state.pendingItems.set(
    item.customer,
    pending.filter((entry) => entry !== id),
  );
  state.emit('invoiceitem.deleted', 'invoiceitem', deleted);
  return deleted;
}

/** Only what was never given a price can be deleted. */
export function deleteProduct(state: State, id: string): ProductRow {
  const product = state.products.get(id);
  const priced = [...state.prices].some((row) => row.product === id && row.deleted !== true);
  if (priced || product.deleted) throw new Error(`Product ${id} has prices or is gone already`);
  const deleted = state.products.put({ ...product, deleted: true });
  state.emit('product.deleted', 'product', deleted);
  return deleted;
}

/** Deletes a recurring price by its older name, a plan. Who subscribes to it goes on. */
export function deletePlan(state: State, id: string): PriceRow {
  const price = state.prices.get(id);
  if (price.interval === null || price.deleted === true) throw new Error(`${id} is no plan`);
  const deleted = state.prices.put({ ...price, active: false, deleted: true });
  state.emit('plan.deleted', 'plan', deleted);
  state.emit('price.deleted', 'price', deleted);
  return deleted;
}
