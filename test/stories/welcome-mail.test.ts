import pg from 'pg';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { READ_ONLY_GRANTS, startSimulator } from '../../simulator/index.ts';
import type { Simulator } from '../../simulator/index.ts';
import { launchBrowser } from '../support/browser.ts';
import { createTestDatabase } from '../support/database.ts';
import { openPage, picture } from '../support/page.ts';
import { startMailSink } from '../../src/messages/fixtures/mail-sink.ts';
import type { MailSink } from '../../src/messages/fixtures/mail-sink.ts';
import {
  USER,
  eventually,
  freePort,
  processEnv,
  runCommand,
  startProductProcess,
} from '../support/product.ts';
import type { ProductProcess } from '../support/product.ts';

let browser: Browser;
let simulator: Simulator;
let mailbox: MailSink;
let database: Awaited<ReturnType<typeof createTestDatabase>>;
let client: pg.Client;

beforeAll(async () => {
  browser = await launchBrowser();
  simulator = await startSimulator({
    customers: 30,
    months: 3,
    webhook_retry_ms: [300, 300, 600, 1000, 2000, 4000, 8000],
  });
  mailbox = await startMailSink();
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await product?.kill();
  await browser.close();
  await client.end();
  await database.drop();
  await mailbox.close();
  await simulator.close();
});

let product: ProductProcess | null = null;

/** Kills the process, if it runs, as a power cut would, and starts it again. */
async function restart(options: Parameters<typeof startProductProcess>[0]): Promise<void> {
  await product?.kill();
  product = await startProductProcess(options);
}

const rows = async <T>(text: string): Promise<T[]> => (await client.query(text)).rows as T[];

async function setUpAndSwitchOn(product: ProductProcess): Promise<void> {
  const page = await openPage(browser, product.url);
  await page.getByLabel('Set-up token').fill(product.setup_token!);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('Your name').fill(USER.name);
  await page.getByLabel('E-mail').fill(USER.email);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('Password', { exact: true }).fill(USER.password);
  await page.getByRole('button', { name: 'Finish' }).click();
  await page.getByRole('link', { name: 'Playbooks' }).click();
  await page.getByRole('switch', { name: /Welcome new customers/ }).click({ force: true });
  await page.getByRole('button', { name: 'Switch on', exact: true }).click();
  await page.getByText('The playbook is live.').waitFor();
  await picture(page, 'playbooks');
  await page.context().close();
}

test('a new customer gets the welcome mail once, however often the process is killed; history gets none', async () => {
  const port = await freePort();
  const options = {
    database_url: database.url,
    stripe_url: simulator.url,
    port,
    smtp_url: mailbox.url,
  };
  const env = { ...processEnv(options), SMTP_URL: mailbox.url };
  const key = simulator.keys.create({ grants: READ_ONLY_GRANTS });
  expect((await runCommand(['connect'], env, key)).code).toBe(0);
  expect((await runCommand(['sync'], env)).code).toBe(0);
  await restart(options);
  await setUpAndSwitchOn(product!);
  // The account's clock may run a second behind ours, and what was before going live is history.
  await new Promise((resolve) => setTimeout(resolve, 1_500));

  const customer = simulator.world.createCustomer({
    email: 'grace@example.com',
    name: 'Grace Moss',
  });
  simulator.world.subscribe({ customer: customer.id, items: [{ price: 'price_growth_month' }] });
  await restart(options);
  const runs = async () =>
    await rows<{ state: string }>('select state from headwater.playbook_runs');
  await eventually(runs, (found) => found.length === 1, 60_000);
  await restart(options);
  expect(mailbox.received).toHaveLength(0);
  // It has come as far as the hour of waiting, which only then can pass.
  const waiting = async () =>
    await rows(
      `select id from headwater.playbook_runs where due_at > now() + interval '30 minutes'`,
    );
  await eventually(waiting, (found) => found.length === 1, 60_000);

  // The hour passes: when a run is due is a row, so the test moves it.
  const past = "now() - interval '1 second'";
  await client.query(
    `update headwater.playbook_runs set due_at = ${past} where due_at is not null`,
  );
  for (const pause of [150, 300]) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    await restart(options);
  }
  // What a dead process had in hand, the mail server may already have: it waits for its lease, and a
  // try that was cut off for its rest. The test lets that time pass, and that of runs too.
  let passedAt = 0;
  const arrived = async (): Promise<number> => {
    if (performance.now() - passedAt > 4_000) {
      passedAt = performance.now();
      await client.query(
        `update headwater.playbook_runs set due_at = ${past} where due_at is not null`,
      );
      await client.query(
        `update headwater.outbox set due_at = ${past} where state in ('waiting', 'leased', 'handing_over')`,
      );
    }
    return mailbox.received.length;
  };
  await eventually(arrived, (n) => n >= 1, 120_000);
  await eventually(runs, (found) => found.every((run) => run.state === 'finished'));
  await new Promise((resolve) => setTimeout(resolve, 1_500));

  const doubt = await rows<{ n: number }>(
    'select sum(uncertain_handovers)::int n from headwater.outbox',
  );
  // A death within the hand-over itself leaves doubt: the mail may or may not have been taken, and it
  // goes out again under the same Message-ID. Any other death neither loses nor doubles.
  const ids = mailbox.received.map(({ parsed }) => parsed.messageId);
  expect(new Set(ids).size).toBe(1);
  expect(ids.length).toBeLessThanOrEqual(1 + doubt[0]!.n);
  const mail = mailbox.received[0]!.parsed;
  expect(mailbox.received[0]!.envelope_to).toEqual(['grace@example.com']);
  expect(mail.text).toContain('Grace');
  expect(mail.headers.has('list-unsubscribe') || mail.headers.has('list')).toBe(true);
  expect(await rows('select id from headwater.outbox')).toHaveLength(1);
  expect(await product!.stop()).toBe(0);
  product = null;
}, 240_000);
