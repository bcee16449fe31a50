import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { READ_ONLY_GRANTS, startSimulator } from '../../simulator/index.ts';
import type { Simulator } from '../../simulator/index.ts';
import { connectSource, getSyncProgress } from '../../src/stripe/index.ts';
import { installTemplates } from '../../src/templates/index.ts';
import { lookAgainAtAll } from '../../src/worker/index.ts';
import { launchBrowser } from '../support/browser.ts';
import { expectAccessible, openPage, picture, signIn } from '../support/page.ts';
import { USER, eventually, startProduct } from '../support/product.ts';
import type { Product } from '../support/product.ts';

let browser: Browser;
let simulator: Simulator;
let product: Product;

beforeAll(async () => {
  browser = await launchBrowser();
  simulator = await startSimulator({ customers: 120, months: 12 });
  product = await startProduct({ stripe_url: simulator.url, now: new Date() });
  const key = simulator.keys.create({ grants: READ_ONLY_GRANTS });
  const connected = await connectSource(product.ctx, { key });
  if (!connected.ok) throw new Error(connected.sentence);
  await installTemplates(product.ctx);
  await eventually(
    async () => await getSyncProgress(product.ctx, connected.source.id),
    (progress) => progress.state === 'complete',
    60_000,
  );
  await lookAgainAtAll(product.ctx);
});
afterAll(async () => {
  await browser.close();
  await product.stop();
  await simulator.close();
});

/** Every screen, with words that are only there once it has loaded. */
const SCREENS: [name: string, path: string, loaded: RegExp][] = [
  ['home', '/', /MRR/],
  ['people', '/people', /120 people|1\d\d people/],
  ['person', '/people/1', /Timeline/],
  ['audiences', '/audiences', /On a trial/],
  ['audience', '/audiences/1', /People now/],
  ['new audience', '/audiences/new', /In words/],
  ['playbooks', '/playbooks', /Welcome new customers/],
  ['playbook', '/playbooks/1', /Welcome new customers/],
  ['messages', '/messages', /Welcome/],
  ['email', '/messages/emails/1', /Subject/],
  ['sources', '/sources', /Northwind Tools/],
  ['connect', '/sources/new', /Restricted API key/],
  ['source', '/sources/1', /Everything is here/],
  ['settings', '/settings', /Time zone/],
];

async function visitAll(page: Page & { troubles: string[] }, look: string): Promise<void> {
  for (const [name, path, loaded] of SCREENS) {
    await page.goto(path);
    await page
      .locator('main')
      .getByText(loaded)
      .locator('visible=true')
      .first()
      .waitFor({ timeout: 20_000 });
    await page.waitForLoadState('load');
    await page.waitForTimeout(300);
    await picture(page, `${name}-${look}`);
    const sideways = await page.evaluate<number>(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );
    expect(sideways, `${name} scrolls sideways`).toBeLessThanOrEqual(0);
    await expectAccessible(page);
  }
  expect(page.troubles).toEqual([]);
}

describe('every screen loads, breaks no accessibility rule and logs no error', () => {
  const looks = [
    ['light', 1360],
    ['dark', 1360],
    ['light', 390],
  ] as const;
  test.each(looks)(
    'in %s at %i pixels',
    async (colorScheme, width) => {
      const page = await openPage(browser, product.url, {
        colorScheme,
        viewport: { width, height: 900 },
      });
      await page.getByLabel('E-mail').fill(USER.email);
      await page.getByLabel('Password', { exact: true }).fill(USER.password);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText('What subscriptions are worth').waitFor();
      await visitAll(page, `${colorScheme}-${width}`);
      await page.context().close();
    },
    180_000,
  );
});

test('by keyboard: palette, letters, search and help', async () => {
  const page = await openPage(browser, product.url);
  await signIn(page);
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog');
  await page.getByPlaceholder('Find people, screens and actions').fill('open the outbox');
  await palette.getByText('Connect a Stripe account').waitFor({ state: 'hidden' });
  await palette.getByText('Open the outbox').waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/messages**');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await page.keyboard.press('g');
  await page.keyboard.press('p');
  await page.waitForURL('**/people**');
  await page.getByPlaceholder('Search by name, e-mail or id').waitFor();
  await page.keyboard.press('/');
  expect(await page.evaluate('document.activeElement.tagName')).toBe('INPUT');
  await page.keyboard.type('example.org');
  await page.waitForURL('**search=example.org**');
  await page.context().close();
});

test('a number opens the people behind it, as many as it says', async () => {
  const page = await openPage(browser, product.url);
  await signIn(page);
  await page.locator('main').getByText(/MRR/).first().waitFor();
  const tile = page.getByRole('button', { name: /^Active customers/ });
  await tile.waitFor();
  const number = Number(/(\d+)/.exec((await tile.innerText()).replace('Active customers', ''))![1]);
  expect(number).toBeGreaterThan(0);
  await tile.click();
  const behind = page.locator('[data-people-total]');
  await behind.waitFor();
  expect(Number(await behind.getAttribute('data-people-total'))).toBe(number);
  await picture(page, 'people-behind');
  await page.context().close();
});
