import { describe, expect, test } from 'vitest';
import { useSimulators } from './fixtures/official-client.ts';

const start = useSimulators();

describe('what was deleted', () => {
  test('is told once, is in no list, and a stub when asked for', async () => {
    const { world, stripe, typesSince } = await start();
    const customer = world.createCustomer().id;
    const one = world.createOneOffInvoiceItem({ customer, amount: 500 }).id;
    const other = world.createOneOffInvoiceItem({ customer, amount: 700 }).id;
    const draft = world.draftInvoice(customer);
    expect(draft).toMatchObject({ status: 'draft', auto_advance: false, total: 1200 });
    const bare = world.createProduct({ name: 'Never sold' }).id;
    const before = world.state.emitted;
    world.deleteDraft(draft.id);
    world.deleteInvoiceItem(other);
    world.deleteProduct(bare);
    world.deletePlan('price_business_year');
    expect(typesSince(before)).toEqual([
      'invoice.deleted',
      'invoiceitem.deleted',
      'product.deleted',
      'plan.deleted',
      'price.deleted',
    ]);
    expect((await stripe.invoices.list({ customer })).data).toEqual([]);
    const waiting = await stripe.invoiceItems.list({ customer });
    expect(waiting.data.map((item) => [item.id, item.invoice])).toEqual([[one, null]]);
    expect(await stripe.invoices.retrieve(draft.id)).toMatchObject({ deleted: true });
    expect(await stripe.products.retrieve(bare)).toMatchObject({ deleted: true });
    const prices = await stripe.prices.list({ limit: 100 });
    expect(prices.data.map((price) => price.id)).not.toContain('price_business_year');
    expect(() => world.deleteProduct('prod_growth')).toThrow('has prices');
  });

  test('a plan that is gone still bills who has it', async () => {
    const { simulator, world, payer } = await start();
    const { subscription } = payer();
    world.deletePlan('price_growth_month');
    const paid = () =>
      [...world.state.invoices].filter((row) => row.subscription === subscription).length;
    expect(paid()).toBe(1);
    await simulator.advance({ days: 31 });
    expect(paid()).toBe(2);
  });
});

test('a refund that fails gives the charge its money back', async () => {
  const { world, stripe, payer, typesSince } = await start();
  const { charge } = payer();
  const refund = world.refund(charge, 900).id;
  const before = world.state.emitted;
  expect(world.failRefund(refund)).toMatchObject({ status: 'failed' });
  expect(typesSince(before)).toEqual(['refund.updated', 'charge.refund.updated', 'refund.failed']);
  expect((await stripe.charges.retrieve(charge)).amount_refunded).toBe(0);
  const moved = await stripe.balanceTransactions.list({ source: refund });
  const amounts = Object.fromEntries(moved.data.map((row) => [row.type, row.amount]));
  expect(amounts).toEqual({ refund: -900, refund_failure: 900 });
  world.updateCharge(charge, { metadata: { order: '7' } });
  const [told] = (await stripe.events.list({ type: 'charge.updated' })).data;
  expect(told?.data.previous_attributes).toEqual({ metadata: { order: null } });
});
