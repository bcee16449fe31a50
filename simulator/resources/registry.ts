import type { State } from '../state.ts';
import { renderCharge } from './charge.ts';
import type { ChargeRow } from './charge.ts';
import { renderCoupon, renderDiscount } from './discount.ts';
import type { CouponRow, DiscountRow } from './discount.ts';
import { renderCustomer, renderPaymentMethod } from './customer.ts';
import type { CardRow, CustomerRow } from './customer.ts';
import { renderInvoiceItem } from './invoice-item.ts';
import type { InvoiceItemRow } from './invoice-item.ts';
import { renderInvoice } from './invoice.ts';
import type { InvoiceRow } from './invoice.ts';
import { renderInvoicePayment, renderPaymentIntent, renderRefund } from './payment.ts';
import type { InvoicePaymentRow, PaymentIntentRow, RefundRow } from './payment.ts';
import { renderPlan, renderPrice } from './price.ts';
import type { PriceRow } from './price.ts';
import { renderProduct } from './product.ts';
import type { ProductRow } from './product.ts';
import { renderSubscription } from './subscription.ts';
import type { SubscriptionRow } from './subscription.ts';

/** Every kind of object an event can carry, with the row it is rendered from. */
export interface RowOf {
  customer: CustomerRow;
  product: ProductRow;
  price: PriceRow;
  plan: PriceRow;
  coupon: CouponRow;
  discount: DiscountRow;
  subscription: SubscriptionRow;
  invoice: InvoiceRow;
  invoiceitem: InvoiceItemRow;
  invoice_payment: InvoicePaymentRow;
  payment_intent: PaymentIntentRow;
  payment_method: { customer: CustomerRow; card: CardRow };
  charge: ChargeRow;
  refund: RefundRow;
}

export type Resource = keyof RowOf;

export interface Snapshot {
  resource: Resource;
  row: RowOf[Resource];
}

export const RENDERERS = {
  customer: renderCustomer,
  product: renderProduct,
  price: renderPrice,
  plan: renderPlan,
  coupon: renderCoupon,
  discount: renderDiscount,
  subscription: renderSubscription,
  invoice: renderInvoice,
  invoiceitem: renderInvoiceItem,
  invoice_payment: renderInvoicePayment,
  payment_intent: renderPaymentIntent,
  payment_method: (state: State, row: RowOf['payment_method']) =>
    renderPaymentMethod(state, row.customer, row.card),
  charge: renderCharge,
  refund: renderRefund,
} satisfies { [R in Resource]: (state: State, row: RowOf[R]) => object };
