import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { READ_ONLY_GRANTS, startSimulator } from '../../simulator/index.ts';
import type { Simulator } from '../../simulator/index.ts';
import { launchBrowser } from '../support/browser.ts';
import { openPage, picture, signIn } from '../support/page.ts';
import { startProduct } from '../support/product.ts';
import type { Product } from '../support/product.ts';

let browser: Browser;
let simulator: Simulator;
let product: Product;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(async () => await browser.close());
beforeEach(async () => {
  simulator = await startSimulator({ customers: 40, months: 6 });
  product = await startProduct({ stripe_url: simulator.url, now: new Date() });
});
afterEach(async () => {
  await product.stop();
  await simulator.close();
});

async function openConnectScreen() {
  const page = await openPage(browser, product.url);
  await signIn(page);
  await page.getByRole('link', { name: 'Data sources' }).click();
  await page
    .getByRole('link', { name: /New data source|Connect/ })
    .first()
    .click();
  return page;
}

test('I connect with a key that lacks a permission, add it in Stripe, and connect', async () => {
  const key = simulator.keys.create({ grants: READ_ONLY_GRANTS });
  simulator.keys.withdraw(key, 'rak_invoice_read');
  const page = await openConnectScreen();

  await page.getByLabel('Restricted API key').fill(key);
  await page.getByRole('button', { name: 'Check the key' }).click();
  await page.getByText('Invoices → Read').waitFor();
  const invoices = page.getByRole('row', { name: /^Invoices/ });
  expect(await invoices.innerText()).toContain('Missing');
  expect(await page.getByRole('row', { name: /^Customers/ }).innerText()).toContain('Granted');
  expect(await page.getByRole('button', { name: 'Connect', exact: true }).count()).toBe(0);
  await picture(page, 'connect-missing');

  simulator.keys.grant(key, 'rak_invoice_read');
  await page.getByRole('button', { name: 'Check the key' }).click();
  await page.getByText('Everything needed is there').waitFor();
  await page.getByText('Northwind Tools').first().waitFor();
  await page.getByText('Test mode').first().waitFor();
  await page.getByRole('button', { name: 'Connect', exact: true }).click();

  await page.getByRole('heading', { name: 'Northwind Tools' }).waitFor();
  await page.getByText('Everything is here, with its whole history.').waitFor({ timeout: 60_000 });
  await page.getByText('Live: every change in Stripe').waitFor();
  expect(await page.content()).not.toContain(key);
  expect(simulator.world.state.webhookEndpoints.size).toBe(1);
  expect(page.troubles).toEqual([]);
});

test('wrong keys are refused, each in its own words', async () => {
  const page = await openConnectScreen();
  const refusals: [string, RegExp][] = [
    [simulator.keys.create({ kind: 'publishable' }), /publishable/i],
    ['whsec_5WbX5kEWLlfzsGNjH64I8lOOqUB6e8FH', /webhook/i],
    ['rk_test_51SimUnknownKeyUnknownKeyUnknown', /invalid|does not know|refus/i],
  ];
  for (const [key, words] of refusals) {
    await page.getByLabel('Restricted API key').fill(key);
    await page.getByRole('button', { name: 'Check the key' }).click();
    await page.getByText('This key cannot be used').waitFor();
    expect(await page.getByText(words).count(), key.slice(0, 8)).toBeGreaterThan(0);
  }
  expect(
    await product.ctx.db
      .executeQuery({ sql: 'select 1 from sources', parameters: [] } as never)
      .then((r) => r.rows),
  ).toHaveLength(0);
});

test('all 16 webhooks are taken: I see which, free one, and connect', async () => {
  const admin = simulator.keys.create();
  const taken: string[] = [];
  for (let n = 1; n <= 16; n += 1) {
    const response = await fetch(`${simulator.url}/v1/webhook_endpoints`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${admin}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({
        url: `https://hooks.example.com/${n}`,
        'enabled_events[]': 'charge.failed',
      }),
    });
    taken.push(((await response.json()) as { id: string }).id);
  }
  const key = simulator.keys.create({ grants: READ_ONLY_GRANTS });
  const page = await openConnectScreen();
  await page.getByLabel('Restricted API key').fill(key);
  await page.getByRole('button', { name: 'Check the key' }).click();
  await page.getByRole('button', { name: 'Connect', exact: true }).click();

  await page.getByText('All webhook endpoints of this account are taken').waitFor();
  await page.getByText('https://hooks.example.com/16').waitFor();
  await picture(page, 'webhook-full');
  // It is useful meanwhile: everything is copied, and events are asked for.
  await page.getByText('Everything is here, with its whole history.').waitFor({ timeout: 60_000 });

  await fetch(`${simulator.url}/v1/webhook_endpoints/${taken[3]}`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${admin}` },
  });
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText('Live: every change in Stripe').waitFor();
  expect(simulator.world.state.webhookEndpoints.size).toBe(16);
});

test('a customer edited in Stripe changes on the open page within a second, without reload', async () => {
  const key = simulator.keys.create({ grants: READ_ONLY_GRANTS });
  const page = await openConnectScreen();
  await page.getByLabel('Restricted API key').fill(key);
  await page.getByRole('button', { name: 'Check the key' }).click();
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await page.getByText('Everything is here, with its whole history.').waitFor({ timeout: 60_000 });

  const customer = simulator.world.createCustomer({
    email: 'mira@example.com',
    name: 'Mira Stone',
  });
  await page.getByRole('link', { name: 'People' }).click();
  await page.getByText('Mira Stone').waitFor({ timeout: 5_000 });
  const seconds: number[] = [];
  for (const name of ['Mira Brook', 'Mira Vale', 'Mira Ford', 'Mira Lake', 'Mira Moor']) {
    const began = performance.now();
    simulator.world.updateCustomer(customer.id, { name });
    await page.getByText(name).waitFor({ timeout: 5_000 });
    seconds.push((performance.now() - began) / 1000);
  }
  const median = seconds.toSorted((a, b) => a - b)[2]!;
  expect(median, `seconds: ${seconds.map((s) => s.toFixed(2)).join(', ')}`).toBeLessThan(1);
});
