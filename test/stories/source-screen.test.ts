import { sql } from 'kysely';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { READ_ONLY_GRANTS, startSimulator } from '../../simulator/index.ts';
import type { Simulator } from '../../simulator/index.ts';
import { connectSource, getSyncProgress } from '../../src/stripe/index.ts';
import { launchBrowser } from '../support/browser.ts';
import { expectAccessible, openPage, picture } from '../support/page.ts';
import { USER, eventually, startProduct } from '../support/product.ts';
import type { Product } from '../support/product.ts';

let browser: Browser;
let simulator: Simulator;
let product: Product;
let key: string;

beforeAll(async () => {
  browser = await launchBrowser();
  simulator = await startSimulator({ customers: 60, months: 6 });
  product = await startProduct({ stripe_url: simulator.url, now: new Date() });
  key = simulator.keys.create({ grants: READ_ONLY_GRANTS });
  const connected = await connectSource(product.ctx, { key });
  if (!connected.ok) throw new Error(connected.sentence);
  await eventually(
    async () => await getSyncProgress(product.ctx, connected.source.id),
    (progress) => progress.state === 'complete',
    60_000,
  );
});
afterAll(async () => {
  await browser.close();
  await product.stop();
  await simulator.close();
});

/** Signed in and at one tab of the source. On a narrow screen the links of the sidebar are put away. */
async function openSource(tab = '', options: Parameters<typeof openPage>[2] = {}) {
  const page = await openPage(browser, product.url, options);
  await page.getByLabel('E-mail').fill(USER.email);
  await page.getByLabel('Password', { exact: true }).fill(USER.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('#main').waitFor();
  await page.goto(`/sources/1${tab}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  return page;
}

/** The state beside the name. */
async function expectState(page: Page, word: string): Promise<void> {
  await page.locator('h1 ~ span').getByText(word, { exact: true }).waitFor({ timeout: 20_000 });
}

/** Every tab, with words that are only there once it has loaded. */
const TABS: [name: string, path: string, loaded: RegExp][] = [
  ['overview', '', /Everything is here/],
  ['sync', '/sync', /The copy is complete/],
  ['activity', '/activity', /Show older|This is where it begins/],
  ['webhook', '/webhook', /Followed by webhook/],
  ['permissions', '/permissions', /Everything (needed )?is granted/],
  ['settings', '/settings', /Delete this data source/],
];

async function expectFits(page: Page, name: string): Promise<void> {
  const sideways = await page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
  expect(sideways, `${name} scrolls sideways`).toBeLessThanOrEqual(0);
}

describe('every tab of a source breaks no accessibility rule, fits, and logs no error', () => {
  test.each([
    ['light', 1360],
    ['dark', 1360],
    ['light', 390],
    ['dark', 390],
  ] as const)(
    'in %s at %i pixels',
    async (colorScheme, width) => {
      const page = await openSource('', { colorScheme, viewport: { width, height: 900 } });
      for (const [name, path, loaded] of TABS) {
        await page.goto(`/sources/1${path}`);
        await page.locator('main').getByText(loaded).first().waitFor({ timeout: 20_000 });
        await page.waitForTimeout(200);
        await picture(page, `source-${name}-${colorScheme}-${width}`);
        await expectFits(page, name);
        await expectAccessible(page);
      }
      expect(page.troubles).toEqual([]);
      await page.context().close();
    },
    120_000,
  );
});

test('by keyboard: along the tabs, into one, and back by the browser', async () => {
  const page = await openSource();
  await page.getByRole('link', { name: 'Overview' }).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  expect(await page.evaluate('document.activeElement.textContent')).toBe('Activity');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/sources/1/activity');
  await page.getByText('The whole history, newest first').waitFor();
  const open = page.getByRole('link', { name: 'Activity' });
  expect(await open.getAttribute('aria-current')).toBe('page');
  await page.getByRole('link', { name: 'Settings' }).last().focus();
  await page.keyboard.press('Home');
  expect(await page.evaluate('document.activeElement.textContent')).toBe('Overview');
  await page.goBack();
  await page.getByText('Recent activities').waitFor();
  await page.context().close();
});

test('activities are filtered by kind and day, and the address keeps it', async () => {
  const page = await openSource('/activity');
  await page.getByLabel('Kind of activity').selectOption({ label: 'Refunds and disputes' });
  await page.waitForURL(/types=/);
  await page.getByLabel('Kind of activity').selectOption({ label: 'Charge' });
  const day = new Date(Date.now() - 40 * 86_400_000).toISOString().slice(0, 10);
  await page.getByLabel('To day').fill(day);
  await page.waitForURL(new RegExp(`to=.?${day}`));
  await page.reload();
  await page.getByText(/Show older|This is where it begins/).waitFor();
  const told = await page.evaluate<string[]>(
    "[...document.querySelectorAll('main li time')].map((node) => node.dateTime)",
  );
  expect(told.length).toBeGreaterThan(0);
  for (const at of told) expect(at.slice(0, 10) <= day, at).toBe(true);
  await page.getByRole('button', { name: 'Clear the filters' }).click();
  await page.waitForURL('**/sources/1/activity');
  await page.context().close();
});

test('paused and resumed in the browser: what happened in between arrives', async () => {
  const page = await openSource('/settings');
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await expectState(page, 'Paused');
  simulator.world.createCustomer({ email: 'pia@example.com', name: 'Pia Lark' });
  await page.getByRole('link', { name: 'Overview' }).click();
  // A word about it may still stand in the corner.
  await page.getByText('Paused. Events that arrive are kept').first().waitFor();
  await picture(page, 'source-paused');
  await page.getByRole('button', { name: 'Resume' }).click();
  await expectState(page, 'Live');
  await page.getByRole('link', { name: 'People' }).first().click();
  await page.getByText('Pia Lark').waitFor({ timeout: 20_000 });
  expect(page.troubles).toEqual([]);
  await page.context().close();
});

test('the secret is rotated, the address tried, and changes go on arriving', async () => {
  const page = await openSource('/webhook');
  const before = [...simulator.world.state.webhookEndpoints].map((row) => row.id);
  await page.getByText(before[0]!).waitFor();
  await page.getByRole('button', { name: 'Check that it answers' }).click();
  await page.getByText(/answers, and it is this installation.*Checked/).waitFor();

  await page.getByRole('button', { name: 'Rotate the secret' }).click();
  const asked = page.getByRole('dialog');
  await asked.getByText('For a day both secrets are believed').waitFor();
  await expectAccessible(page);
  await picture(page, 'source-rotate');
  await asked.getByRole('button', { name: 'Rotate the secret' }).click();
  await page.getByText(before[0]!).waitFor({ state: 'hidden' });
  const after = [...simulator.world.state.webhookEndpoints].map((row) => row.id);
  expect(after).toHaveLength(1);
  expect(after).not.toEqual(before);
  await page.getByText(after[0]!).waitFor();

  simulator.world.createCustomer({ email: 'rory@example.com', name: 'Rory Glen' });
  await page.getByRole('link', { name: 'People' }).first().click();
  await page.getByText('Rory Glen').waitFor({ timeout: 20_000 });
  expect(page.troubles).toEqual([]);
  await page.context().close();
});

test('an event that could not be applied is shown with its reason, and retried', async () => {
  const { db } = product.ctx;
  // A database that refuses one row, as a full disk or a broken index would.
  await sql`alter table stripe.customers add constraint no_otto check (raw ->> 'name' is distinct from 'Otto Brink') not valid`.execute(
    db,
  );
  const { id } = simulator.world.createCustomer({ email: 'otto@example.com', name: 'Otto Brink' });
  const page = await openSource('/webhook');
  await page.getByRole('table', { name: 'Failing events' }).waitFor({ timeout: 20_000 });
  await page.getByText('customer.created').waitFor();
  await page.getByRole('button', { name: id }).waitFor();
  await page.getByText('no_otto').waitFor();
  expect(await page.getByRole('link', { name: /^Webhook/ }).innerText()).toContain('1');
  await expectAccessible(page);
  await picture(page, 'source-failing-event');

  await sql`alter table stripe.customers drop constraint no_otto`.execute(db);
  await page.getByRole('button', { name: 'Retry all' }).click();
  await page.getByText('No event is failing').waitFor({ timeout: 20_000 });
  await page.getByRole('link', { name: 'People' }).first().click();
  await page.getByText('Otto Brink').waitFor({ timeout: 20_000 });
  expect(page.troubles).toEqual([]);
  await page.context().close();
});

test('a permission taken away in Stripe is named, given back, and found again', async () => {
  const page = await openSource('/permissions');
  simulator.keys.withdraw(key, 'rak_coupon_read');
  await page.getByRole('button', { name: 'Check again' }).click();
  await page.getByText('Coupons → Read is missing').waitFor();
  expect(await page.getByRole('row', { name: /^Coupons/ }).innerText()).toContain('Missing');
  await page.getByText('How to add a permission').waitFor();
  await expectAccessible(page);
  await picture(page, 'source-permission-missing');
  simulator.keys.grant(key, 'rak_coupon_read');
  await page.getByRole('button', { name: 'Check again' }).click();
  await page.getByText(/Everything (needed )?is granted/).waitFor();
  await expectState(page, 'Live');
  expect(page.troubles).toEqual([]);
  await page.context().close();
});

test('compared with Stripe on demand, and what differed stands in the list', async () => {
  const page = await openSource('/sync');
  await page.getByRole('button', { name: 'Check now' }).click();
  const checks = page.getByRole('table', { name: 'Comparisons with Stripe' });
  await checks.getByText('Equal').first().waitFor({ timeout: 30_000 });
  await picture(page, 'source-checked');
  await page.getByRole('link', { name: 'Overview' }).click();
  await page.getByText('All checks').waitFor();
  expect(page.troubles).toEqual([]);
  await page.context().close();
});

test('settings are saved, and a value the server refuses is explained at its field', async () => {
  const page = await openSource('/settings');
  const name = page.getByLabel('Name', { exact: true });
  await name.fill('x'.repeat(201));
  await page.getByRole('button', { name: 'Save' }).click();
  const refusal = page.locator(`#${await name.getAttribute('aria-describedby')}`.split(' ')[0]!);
  await page.getByText(/name .*200/).waitFor();
  expect(await name.getAttribute('aria-invalid')).toBe('true');
  expect(await refusal.count()).toBeGreaterThan(0);
  await picture(page, 'source-settings-refused');
  // The one trouble is the refusal itself, which the browser logs.
  expect(page.troubles.every((trouble) => trouble.includes('400'))).toBe(true);

  await name.fill('Northwind, test data');
  await page.getByLabel('Share of the rate limit').fill('60');
  await page.getByText('Include customers of test clocks').waitFor();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { level: 1, name: 'Northwind, test data' }).waitFor();
  await page.reload();
  expect(await page.getByLabel('Share of the rate limit').inputValue()).toBe('60 %');
  await page.context().close();
});

test('a source that is not there, or a server that does not answer, says so and offers a way on', async () => {
  const page = await openSource();
  await page.goto('/sources/999');
  await page.getByText('There is no such data source').waitFor();
  await page.route('**/api/sources/1', async (route) => await route.abort());
  await page.goto('/sources/1/sync');
  await page.getByText('Headwater does not answer').waitFor({ timeout: 20_000 });
  await expectAccessible(page);
  await page.unroute('**/api/sources/1');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText('The copy is complete').waitFor();
  await page.context().close();
});

test('deleted only with its name typed, and people stay when I say so', async () => {
  const page = await openSource('/settings');
  const name = await page.getByRole('heading', { level: 1 }).innerText();
  await page.getByRole('radio', { name: /Keep people and activities/ }).check();
  await page.getByRole('button', { name: 'Delete…' }).click();
  const asked = page.getByRole('dialog');
  const sure = asked.getByRole('button', { name: 'Delete it' });
  await asked.getByLabel(/To confirm, type/).fill('something else');
  expect(await sure.isDisabled()).toBe(true);
  await expectAccessible(page);
  await picture(page, 'source-delete');
  await asked.getByLabel(/To confirm, type/).fill(name);
  await sure.click();
  await page.getByText('No source yet').waitFor({ timeout: 30_000 });
  expect(simulator.world.state.webhookEndpoints.size).toBe(0);
  await page.getByRole('link', { name: 'People' }).first().click();
  await page.getByText('Pia Lark').waitFor();
  expect(page.troubles).toEqual([]);
  await page.context().close();
});

describe('a first sync that meets trouble', () => {
  let troubled: Simulator;
  let other: Product;
  beforeAll(async () => {
    troubled = await startSimulator({ customers: 40, months: 4 });
    other = await startProduct({ stripe_url: troubled.url, now: new Date() });
    troubled.faults.add({ kind: 'server_error', path: '/v1/invoice_payments', method: 'GET' });
  });
  afterAll(async () => {
    await other.stop();
    await troubled.close();
  });

  test('I connect without an optional permission, see what hangs with its request, and retry it', async () => {
    const narrow = troubled.keys.create({ grants: READ_ONLY_GRANTS });
    troubled.keys.withdraw(narrow, 'rak_dispute_read');
    const page = await openPage(browser, other.url);
    await page.getByLabel('E-mail').fill(USER.email);
    await page.getByLabel('Password', { exact: true }).fill(USER.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.locator('#main').waitFor();
    await page.goto('/sources/new');
    await page.getByLabel('Restricted API key').fill(narrow);
    await page.getByRole('button', { name: 'Check the key' }).click();
    await page.getByText('Everything needed is there').waitFor();
    await page.getByText('Will be skipped: Disputes → Read').waitFor();
    await expectAccessible(page);
    await picture(page, 'connect-skipped');
    await page.getByLabel('Name on this page').fill('Troubled Waters');
    await page.getByRole('button', { name: 'Connect', exact: true }).click();

    await page.getByText('Copying the history').waitFor();
    await picture(page, 'source-first-sync');
    await page.getByRole('link', { name: /^Sync( \d|$)/ }).click();
    const list = page
      .getByRole('table', { name: 'Lists' })
      .getByRole('row', { name: /^Invoice payments/ });
    await list.getByText('Retrying').waitFor({ timeout: 60_000 });
    await page
      .getByRole('button', { name: /^Request req_/ })
      .first()
      .waitFor();
    await expectAccessible(page);
    await picture(page, 'source-sync-error');
    troubled.faults.clear();
    await page.getByRole('button', { name: 'Retry now' }).first().click();
    await page.getByText('The copy is complete').waitFor({ timeout: 30_000 });
    await list.getByText('Done').waitFor();

    const disputes = page.getByRole('row', { name: /^Disputes/ });
    await disputes.getByText('Skipped').waitFor();
    await page.getByText('Set Disputes → Read in Stripe and it starts by itself').waitFor();
    await expectAccessible(page);
    await picture(page, 'source-skipped');
    troubled.keys.grant(narrow, 'rak_dispute_read');
    await page.getByRole('link', { name: 'How to add it' }).click();
    await page.getByText('How to add a permission').waitFor();
    await page.getByRole('button', { name: 'Check again' }).click();
    await page.getByText('How to add a permission').waitFor({ state: 'hidden' });
    await page.getByRole('link', { name: /^Sync( \d|$)/ }).click();
    await disputes.getByText('Done').waitFor({ timeout: 30_000 });
    expect(page.troubles).toEqual([]);
    await page.context().close();
  }, 120_000);
});
