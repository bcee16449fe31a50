import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { READ_ONLY_GRANTS, startSimulator } from '../../simulator/index.ts';
import type { Simulator } from '../../simulator/index.ts';
import { listMrr } from '../../src/metrics/index.ts';
import { connectSource, getSyncProgress } from '../../src/stripe/index.ts';
import { installTemplates } from '../../src/templates/index.ts';
import { launchBrowser } from '../support/browser.ts';
import { openPage, picture, signIn } from '../support/page.ts';
import { eventually, startProduct } from '../support/product.ts';
import type { Product } from '../support/product.ts';

const START = new Date('2026-04-01T08:00:00Z');
let browser: Browser;
let simulator: Simulator;
let product: Product;
let page: Page;

beforeAll(async () => {
  browser = await launchBrowser();
  simulator = await startSimulator({ now: START, speed: 0 });
  product = await startProduct({ stripe_url: simulator.url, now: START });
  const key = simulator.keys.create({ grants: READ_ONLY_GRANTS });
  const connected = await connectSource(product.ctx, { key });
  if (!connected.ok) throw new Error(connected.sentence);
  await installTemplates(product.ctx);
  await eventually(
    async () => await getSyncProgress(product.ctx, connected.source.id),
    (progress) => progress.state === 'complete',
  );
  page = await openPage(browser, product.url);
  await signIn(page);
});
afterAll(async () => {
  await product.stop();
  await simulator.close();
  await browser.close();
});

/** Time passes in Stripe and here alike. */
async function pass(step: { days?: number; hours?: number }): Promise<void> {
  const ms = ((step.days ?? 0) * 24 + (step.hours ?? 0)) * 3_600_000;
  product.ctx.clock.set(new Date(simulator.world.now().getTime() + ms));
  await simulator.advance(step);
  await simulator.settled();
}

/** MRR of the account today, as everyone asks for it. */
async function mrrToday(): Promise<number> {
  const day = product.ctx.clock.now().toISOString().slice(0, 10);
  const rows = await listMrr(product.ctx, { from: day, to: day, interval: 'day' });
  return rows.reduce((sum, row) => sum + row.mrr_minor, 0);
}

/** The timeline shows it; the filter above, which names every kind, does not count. */
const sees = async (label: string): Promise<void> =>
  await page
    .locator('main')
    .getByText(label, { exact: true })
    .locator('visible=true')
    .first()
    .waitFor({ timeout: 15_000 });

test('a trial starts, converts, upgrades, fails a payment, recovers and cancels: seen on the profile and in MRR', async () => {
  const { world } = simulator;
  const customer = world.createCustomer({ email: 'lin@example.com', name: 'Lin Hart' });
  const subscription = world.subscribe({
    customer: customer.id,
    items: [{ price: 'price_growth_month' }],
    trial_days: 14,
  });
  await simulator.settled();

  await page.getByRole('link', { name: 'People' }).click();
  await page.getByText('Lin Hart').click();
  await page.getByRole('heading', { name: 'Lin Hart' }).waitFor();
  await sees('New trial');
  expect(await mrrToday()).toBe(0);
  await page.getByText('On a trial').first().waitFor();

  await pass({ days: 14, hours: 2 });
  await sees('Trial converted');
  const growth = Number(world.state.prices.get('price_growth_month').unit_amount_decimal);
  expect(await eventually(mrrToday, (mrr) => mrr > 0)).toBe(growth);

  await pass({ days: 3 });
  world.changeSubscription(subscription.id, {
    price: 'price_business_month',
    proration: 'create_prorations',
  });
  await simulator.settled();
  await sees('Subscription change');
  const business = Number(world.state.prices.get('price_business_month').unit_amount_decimal);
  expect(await eventually(mrrToday, (mrr) => mrr !== growth)).toBe(business);

  world.setPaymentOutcome(customer.id, 'insufficient_funds');
  await pass({ days: 28, hours: 2 });
  // A month on, I have to sign in again, and come back to where I was.
  await signIn(page);
  await page.getByRole('heading', { name: 'Lin Hart' }).waitFor();
  await sees('Payment failed');
  await page.getByText('Past due', { exact: true }).first().waitFor();
  expect(await mrrToday()).toBe(business);

  world.setPaymentOutcome(customer.id, 'succeeds');
  await pass({ days: 4 });
  await sees('Payment recovered');
  expect(await mrrToday()).toBe(business);
  await picture(page, 'profile-recovered');

  world.cancel(subscription.id);
  await simulator.settled();
  await sees('Subscription cancelled');
  expect(await eventually(mrrToday, (mrr) => mrr === 0)).toBe(0);
}, 180_000);
