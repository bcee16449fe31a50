import type { KeyRing } from './http/keys.ts';
import type { State } from './state.ts';
import type { Json } from './wire.ts';

/** What `GET /_simulator/state` says. */
export function describeAccount(state: State, keys: KeyRing, requests: number): Json {
  return {
    now: new Date(state.now() * 1000).toISOString(),
    speed: state.clock.speed,
    mode: state.settings.livemode ? 'live' : 'test',
    account: state.settings.account.id,
    counts: {
      customers: state.customers.size,
      products: state.products.size,
      prices: state.prices.size,
      coupons: state.coupons.size,
      subscriptions: state.subscriptions.size,
      invoices: state.invoices.size,
      invoice_payments: state.invoicePayments.size,
      payment_intents: state.paymentIntents.size,
      charges: state.charges.size,
      refunds: state.refunds.size,
      disputes: state.disputes.size,
      credit_notes: state.creditNotes.size,
      promotion_codes: state.promotionCodes.size,
      subscription_schedules: state.schedules.size,
      invoice_items: state.invoiceItems.size,
      setup_intents: state.setupIntents.size,
      checkout_sessions: state.checkoutSessions.size,
      balance_transactions: state.balanceTransactions.size,
      payouts: state.payouts.size,
      tax_rates: state.taxRates.size,
      tax_ids: state.taxIds.size,
      quotes: state.quotes.size,
      payment_methods: state.paymentMethods.size,
      test_clocks: state.testClocks.size,
      events: state.events.size,
      webhook_endpoints: state.webhookEndpoints.size,
    },
    keys: keys.list(),
    requests,
  };
}
