import type Stripe from 'stripe';
import { describe, expect, test } from 'vitest';
import { useSimulators } from './fixtures/official-client.ts';

const start = useSimulators();

describe('the balance', () => {
  test('a charge is pending for two days, with its fee, and then available', async () => {
    const { simulator, stripe, payer } = await start();
    const { charge } = payer();
    const first = await stripe.balanceTransactions.list({ source: charge });
    expect(first.data).toMatchObject([
      { type: 'charge', amount: 4900, fee: 172, net: 4728, status: 'pending', currency: 'usd' },
    ]);
    expect(first.data[0]?.available_on).toBe(Date.parse('2026-04-03T00:00:00Z') / 1000);
    const shown = await stripe.charges.retrieve(charge, { expand: ['balance_transaction'] });
    expect(shown.balance_transaction).toEqual(first.data[0]);
    await simulator.advance({ days: 3 });
    const later = await stripe.balanceTransactions.retrieve(first.data[0]?.id ?? '');
    expect(later.status).toBe('available');
    const types = simulator.world.state.events;
    expect([...types].some((event) => event.type.includes('balance'))).toBe(false);
  });

  test('a payout takes what is available, and arrives two days later or fails', async () => {
    const { simulator, world, stripe, payer, typesSince } = await start();
    payer();
    const refunded = payer();
    world.refund(refunded.charge, 900);
    expect(() => world.payOut()).toThrow('can be paid out');
    await simulator.advance({ days: 2 });
    const before = world.state.emitted;
    const made = world.payOut();
    expect(made).toMatchObject({ amount: 4728 * 2 - 900, status: 'in_transit', automatic: true });
    await simulator.advance({ days: 2 });
    expect(typesSince(before)).toEqual([
      'payout.created',
      'payout.updated',
      'payout.paid',
      'payout.reconciliation_completed',
    ]);
    const inside = await stripe.balanceTransactions.list({ payout: made.id });
    expect(inside.data.map((row) => row.type).toSorted()).toEqual([
      'charge',
      'charge',
      'payout',
      'refund',
    ]);
    expect(inside.data.reduce((sum, row) => sum + row.net, 0)).toBe(0);
    payer();
    await simulator.advance({ days: 3 });
    const second = world.payOut();
    world.failPayout(second.id);
    const failed = await stripe.payouts.list({ status: 'failed' });
    expect(failed.data).toMatchObject([{ id: second.id, failure_code: 'account_closed' }]);
    expect(
      (await stripe.payouts.list({ arrival_date: { gt: made.arrival_date } })).data,
    ).toHaveLength(1);
  });

  test('a part can be paid out by hand, and what is left later', async () => {
    const { simulator, world, payer } = await start();
    payer();
    await simulator.advance({ days: 2 });
    world.payOut({ amount: 1000 });
    expect(world.payOut().amount).toBe(3728);
  });
});

describe('disputes', () => {
  test('take the money, and give it back when won', async () => {
    const { world, stripe, payer, typesSince } = await start();
    const { charge } = payer();
    const before = world.state.emitted;
    const opened = world.openDispute(charge, { reason: 'product_not_received' });
    world.answerDispute(opened.id);
    world.closeDispute(opened.id, 'won');
    expect(typesSince(before)).toEqual([
      'charge.dispute.created',
      'charge.dispute.funds_withdrawn',
      'charge.dispute.updated',
      'charge.dispute.closed',
      'charge.dispute.funds_reinstated',
    ]);
    const [dispute] = (await stripe.disputes.list({ charge })).data;
    expect(dispute).toMatchObject({ status: 'won', amount: 4900, reason: 'product_not_received' });
    expect(dispute?.balance_transactions.map((row) => [row.amount, row.fee])).toEqual([
      [-4900, 1500],
      [4900, 0],
    ]);
    expect((await stripe.charges.retrieve(charge)).disputed).toBe(true);
    const expanded = await stripe.disputes.retrieve(opened.id, { expand: ['charge'] });
    expect((expanded.charge as Stripe.Charge).id).toBe(charge);
  });

  test('a warning takes nothing', async () => {
    const { world, payer } = await start();
    const opened = world.openDispute(payer().charge, { inquiry: true });
    expect(opened).toMatchObject({ status: 'warning_needs_response', balance_transactions: [] });
    expect(world.closeDispute(opened.id, 'lost').status).toBe('warning_closed');
  });
});

describe('credit notes', () => {
  test('a paid invoice goes back to the card, line by line', async () => {
    const { world, stripe, typesSince } = await start();
    const customer = world.createCustomer().id;
    for (let index = 0; index < 14; index += 1) {
      world.createOneOffInvoiceItem({ customer, amount: 100 + index });
    }
    world.attachCard(customer);
    const invoice = world.invoicePendingItems(customer);
    const before = world.state.emitted;
    const made = world.issueCreditNote({ invoice: invoice.id, reason: 'order_change' });
    expect(typesSince(before)).toEqual([
      'refund.created',
      'charge.refunded',
      'credit_note.created',
      'invoice.updated',
    ]);
    const note = await stripe.creditNotes.retrieve(made.id, { expand: ['refunds.refund'] });
    expect(note).toMatchObject({ total: 1491, type: 'post_payment', post_payment_amount: 1491 });
    expect(note.refunds[0]?.refund).toMatchObject({ amount: 1491 });
    expect([note.lines.data.length, note.lines.has_more]).toEqual([10, true]);
    const lines = await stripe.creditNotes.listLineItems(made.id, { limit: 100 });
    expect(lines.data).toHaveLength(14);
    expect(lines.data[13]?.amount).toBe(113);
    const after = await stripe.invoices.retrieve(invoice.id);
    expect(after.post_payment_credit_notes_amount).toBe(1491);
    expect(() => world.issueCreditNote({ invoice: invoice.id, amount: 1 })).toThrow('0 can be');
  });

  test('an open invoice asks for less, and for all again when the note is void', async () => {
    const { world, stripe, typesSince } = await start();
    const customer = world.createCustomer().id;
    world.createOneOffInvoiceItem({ customer, amount: 5000 });
    const invoice = world.invoicePendingItems(customer).id;
    const note = world.issueCreditNote({ invoice, amount: 2000, memo: 'Sorry' });
    expect(await stripe.invoices.retrieve(invoice)).toMatchObject({
      status: 'open',
      amount_due: 3000,
      amount_remaining: 3000,
      pre_payment_credit_notes_amount: 2000,
    });
    const before = world.state.emitted;
    world.voidCreditNote(note.id);
    expect(typesSince(before)).toEqual(['credit_note.voided', 'invoice.updated']);
    expect((await stripe.invoices.retrieve(invoice)).amount_due).toBe(5000);
    world.issueCreditNote({ invoice, amount: 5000 });
    expect(await stripe.invoices.retrieve(invoice)).toMatchObject({
      status: 'paid',
      amount_paid: 0,
    });
    const listed = await stripe.creditNotes.list({ invoice });
    expect(listed.data.map((row) => row.status).toSorted()).toEqual(['issued', 'void']);
  });

  test('money also goes to the balance, or another way', async () => {
    const { world, stripe, payer } = await start();
    const one = payer();
    world.issueCreditNote({ invoice: one.invoice, amount: 700, by: 'balance' });
    expect((await stripe.customers.retrieve(one.customer)) as Stripe.Customer).toMatchObject({
      balance: -700,
    });
    const other = world.issueCreditNote({ invoice: one.invoice, amount: 300, by: 'out_of_band' });
    expect(other).toMatchObject({ out_of_band_amount: 300, refunds: [] });
  });
});

describe('taxes', () => {
  test('come on top of the price or lie in it, summed over the lines', async () => {
    const { world, stripe } = await start();
    const onTop = world.createTaxRate({ display_name: 'VAT', percentage: 19, country: 'DE' }).id;
    const within = world.createTaxRate({ display_name: 'GST', percentage: 10, inclusive: true }).id;
    const buy = (tax_rates: string[]) =>
      world.subscribe({
        customer: world.createCustomer().id,
        items: [{ price: 'price_growth_month' }],
        tax_rates,
      }).latest_invoice as string;
    const one = await stripe.invoices.retrieve(buy([onTop]));
    expect(one).toMatchObject({ subtotal: 4900, total: 5831, total_excluding_tax: 4900 });
    expect(one.total_taxes).toMatchObject([
      { amount: 931, taxable_amount: 4900, tax_rate_details: { tax_rate: onTop } },
    ]);
    const two = await stripe.invoices.retrieve(buy([within]));
    expect(two).toMatchObject({ subtotal: 4900, total: 4900, total_excluding_tax: 4455 });
    expect(two.lines.data[0]?.taxes).toMatchObject([{ amount: 445, tax_behavior: 'inclusive' }]);
    world.updateTaxRate(onTop, { active: false });
    expect((await stripe.taxRates.list({ active: true })).data.map((row) => row.id)).toEqual([
      within,
    ]);
  });
});
