import type { State } from '../state.ts';
import { renderCharge } from './charge.ts';
import type { ChargeRow } from './charge.ts';
import { renderCoupon, renderDiscount } from './discount.ts';
import type { CouponRow, DiscountRow } from './discount.ts';
import { renderCheckoutSession } from './checkout-session.ts';
import type { CheckoutSessionRow } from './checkout-session.ts';
import { renderCreditNote } from './credit-note.ts';
import type { CreditNoteRow } from './credit-note.ts';
import { renderCustomer } from './customer.ts';
import type { CustomerRow } from './customer.ts';
import { renderDispute } from './dispute.ts';
import type { DisputeRow } from './dispute.ts';
import { renderPayout } from './balance.ts';
import type { PayoutRow } from './balance.ts';
import { renderPaymentMethod } from './payment-method.ts';
import type { PaymentMethodRow } from './payment-method.ts';
import { renderPromotionCode } from './promotion-code.ts';
import type { PromotionCodeRow } from './promotion-code.ts';
import { renderQuote } from './quote.ts';
import type { QuoteRow } from './quote.ts';
import { renderSchedule } from './schedule.ts';
import type { ScheduleRow } from './schedule.ts';
import { renderSetupIntent } from './setup-intent.ts';
import type { SetupIntentRow } from './setup-intent.ts';
import { renderTaxId, renderTaxRate } from './tax.ts';
import type { TaxIdRow, TaxRateRow } from './tax.ts';
import { renderTestClock } from './test-clock.ts';
import type { TestClockRow } from './test-clock.ts';
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
  payment_method: PaymentMethodRow;
  charge: ChargeRow;
  refund: RefundRow;
  tax_rate: TaxRateRow;
  tax_id: TaxIdRow;
  promotion_code: PromotionCodeRow;
  credit_note: CreditNoteRow;
  dispute: DisputeRow;
  payout: PayoutRow;
  setup_intent: SetupIntentRow;
  checkout_session: CheckoutSessionRow;
  quote: QuoteRow;
  subscription_schedule: ScheduleRow;
  test_clock: TestClockRow;
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
  payment_method: renderPaymentMethod,
  charge: renderCharge,
  refund: renderRefund,
  tax_rate: renderTaxRate,
  tax_id: renderTaxId,
  promotion_code: renderPromotionCode,
  credit_note: renderCreditNote,
  dispute: renderDispute,
  payout: renderPayout,
  setup_intent: renderSetupIntent,
  checkout_session: renderCheckoutSession,
  quote: renderQuote,
  subscription_schedule: renderSchedule,
  test_clock: renderTestClock,
} satisfies { [R in Resource]: (state: State, row: RowOf[R]) => object };
