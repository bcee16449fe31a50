import { describe, expect, test } from 'vitest';
import type { Collection, Row } from './collection.ts';
import { useSimulators } from './http/fixtures/official-client.ts';
import { settleEventData } from './resources/event.ts';
import type { EventRow } from './resources/event.ts';
import { RENDERERS } from './resources/registry.ts';
import type { Resource } from './resources/registry.ts';
import type { State } from './state.ts';
import type { Json } from './wire.ts';

const start = useSimulators();

const rowsOf = (state: State): Record<Resource, Collection<never>> =>
  ({
    customer: state.customers,
    product: state.products,
    price: state.prices,
    plan: state.prices,
    coupon: state.coupons,
    discount: state.discounts,
    subscription: state.subscriptions,
    invoice: state.invoices,
    invoiceitem: state.invoiceItems,
    invoice_payment: state.invoicePayments,
    payment_intent: state.paymentIntents,
    payment_method: state.paymentMethods,
    charge: state.charges,
    refund: state.refunds,
    tax_rate: state.taxRates,
    tax_id: state.taxIds,
    promotion_code: state.promotionCodes,
    credit_note: state.creditNotes,
    dispute: state.disputes,
    payout: state.payouts,
    setup_intent: state.setupIntents,
    checkout_session: state.checkoutSessions,
    quote: state.quotes,
    subscription_schedule: state.schedules,
    test_clock: state.testClocks,
  }) as unknown as Record<Resource, Collection<never>>;

/** Fields in which an object differs from what its latest event said, as `charge.disputed`. */
function untold(state: State): string[] {
  const latest = new Map<string, EventRow>();
  for (const event of [...state.events].toSorted((a, b) => a.sequence - b.sequence)) {
    latest.set(`${event.snapshot.resource} ${(event.snapshot.row as Row).id}`, event);
  }
  const fields = new Set<string>();
  for (const event of latest.values()) {
    const { resource, row } = event.snapshot;
    const now = rowsOf(state)[resource].find((row as Row).id);
    if (now === undefined) continue;
    const shown = RENDERERS[resource](state, now) as unknown as Json;
    const told = settleEventData(state, event).object;
    for (const name of new Set([...Object.keys(shown), ...Object.keys(told)])) {
      const same = JSON.stringify(shown[name]) === JSON.stringify(told[name]);
      if (!same) fields.add(`${resource}.${name}`);
    }
  }
  return [...fields].toSorted();
}

describe('whoever follows the events knows what the lists say', () => {
  test('through a month of made-up business', async () => {
    const { simulator, world } = await start({ customers: 300, months: 8 });
    await simulator.advance({ days: 25 });
    // Stripe has no event for an item that an invoice takes, nor for an invoice number used up.
    expect(untold(world.state)).toEqual(['customer.next_invoice_sequence', 'invoiceitem.invoice']);
  });

  test('but for a few things that Stripe changes silently', async () => {
    const { simulator, world, payer } = await start();
    const { charge, customer, invoice } = payer();
    world.openDispute(charge);
    world.failRefund(world.refund(payer().charge, 100).id);
    world.issueCreditNote({ invoice, amount: 100, by: 'balance' });
    world.attachPaymentMethod(customer);
    world.completeCheckoutSession(
      world.openCheckoutSession({ customer, items: [{ price: 'price_team_month' }] }).id,
    );
    world.acceptQuote(
      world.finalizeQuote(
        world.createQuote({ customer, items: [{ price: 'price_team_month' }] }).id,
      ).id,
    );
    const phases = [{ items: [{ price: 'price_starter_month' }], months: 1 }];
    world.releaseSchedule(world.scheduleSubscription({ customer, phases }).id);
    world.cancelSchedule(world.scheduleSubscription({ customer, phases }).id);
    await simulator.advance({ days: 4 });
    world.payOut();
    await simulator.advance({ days: 4 });
    expect(untold(world.state)).toEqual([
      'charge.amount_refunded',
      'charge.disputed',
      'customer.next_invoice_sequence',
    ]);
  });
});
