import type { Page } from 'playwright-core';
import { launchBrowser } from '../../test/support/browser.ts';
import { USER } from './installation.ts';
import type { Installation } from './installation.ts';
import { eventBody, readAccount } from './make-events.ts';
import { prepareSender } from './send.ts';

export interface Visible {
  /** From sending an event to its row being in the page. */
  visible_p50_ms: number;
  visible_p99_ms: number;
  /** Rows that did not come within five seconds after the last event. */
  visible_missed: number;
}

const RATE = 100;
const FIRST_AMOUNT = 1_000_000;
/** Two seconds of new rows fit into the list, so that none is pushed out unseen. */
const ROWS = 2 * RATE;
const PATIENCE_MS = 5_000;

const dollars = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });

/**
 * Sends 100 payments a second, each of an amount of its own, while a browser has the account's
 * activities open, and notes when each amount is first seen in the page.
 */
export async function measureVisible(
  installation: Installation,
  seconds: number,
): Promise<Visible> {
  const amounts = Array.from({ length: seconds * RATE }, (_, n) => FIRST_AMOUNT + n);
  const browser = await launchBrowser();
  try {
    const context = await browser.newContext({ baseURL: installation.url });
    const page = await openFeed(await context.newPage(), installation.source_id);
    await page.evaluate(WATCH);
    const bodies = await makeCharges(amounts);
    const { folder, webhook } = installation;
    const sender = await prepareSender(folder, bodies, { ...webhook, in_flight: 50, rate: RATE });
    const { sent_at } = await sender.go();
    const seen = await untilSeen(page, amounts);
    const took = amounts.flatMap((amount, n) => {
      const at = seen[dollars.format(amount / 100)];
      return at === undefined ? [] : [at - sent_at[n]!];
    });
    took.sort((a, b) => a - b);
    const missed = amounts.length - took.length;
    const at = (share: number): number =>
      Math.round(took[Math.floor(amounts.length * share)] ?? Number.POSITIVE_INFINITY);
    return { visible_p50_ms: at(0.5), visible_p99_ms: at(0.99), visible_missed: missed };
  } finally {
    await browser.close();
  }
}

async function openFeed(page: Page, source_id: number): Promise<Page> {
  await page.goto(`/sources/${source_id}/activity`);
  await page.getByLabel('E-mail').fill(USER.email);
  await page.getByLabel('Password', { exact: true }).fill(USER.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  const rows = page.locator('main li');
  await rows.first().waitFor();
  // The next rows come when the end is scrolled into view.
  for (let tries = 0; tries < 50 && (await rows.count()) < ROWS; tries += 1) {
    await rows.last().scrollIntoViewIfNeeded();
    await page.waitForTimeout(100);
  }
  await rows.first().scrollIntoViewIfNeeded();
  return page;
}

/** Runs in the page: the wall time at which each amount was first there. */
const WATCH = `(() => {
  const seen = (window.seen = {});
  const look = () => {
    const now = Date.now();
    for (const amount of document.querySelector('main').textContent.match(/\\$1\\d,\\d{3}\\.\\d{2}/g) ?? [])
      seen[amount] ??= now;
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
})()`;

async function untilSeen(page: Page, amounts: number[]): Promise<Record<string, number>> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const seen = await page.evaluate<Record<string, number>>('window.seen');
    const all = amounts.every((amount) => dollars.format(amount / 100) in seen);
    if (all || performance.now() > end) return seen;
    await page.waitForTimeout(100);
  }
}

async function makeCharges(amounts: number[]): Promise<string[]> {
  const { charges } = await readAccount(200, 77);
  const start = Math.floor(Date.now() / 1000) + 1;
  return amounts.map((amount, n) => {
    const created = start + Math.floor(n / RATE);
    const id = `ch_visible${String(n).padStart(14, '0')}`;
    const template = charges[n % charges.length]!;
    const object = { ...template, id, amount, amount_captured: amount, created };
    return eventBody({ id: `evt_visible${n}`, type: 'charge.succeeded', created, object });
  });
}
