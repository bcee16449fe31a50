import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { READ_ONLY_GRANTS, startSimulator } from '../../simulator/index.ts';
import type { Simulator } from '../../simulator/index.ts';
import { createTestDatabase } from '../support/database.ts';
import { openMailbox } from '../support/mailbox.ts';
import type { Mailbox } from '../support/mailbox.ts';
import {
  eventually,
  freePort,
  processEnv,
  runCommand,
  startProductProcess,
} from '../support/product.ts';

let simulator: Simulator;
let mailbox: Mailbox;
let database: Awaited<ReturnType<typeof createTestDatabase>>;
let client: pg.Client;

beforeAll(async () => {
  simulator = await startSimulator({
    customers: 30,
    months: 3,
    webhook_retry_ms: [300, 300, 600, 1000, 2000, 4000, 8000],
  });
  mailbox = await openMailbox();
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
  await mailbox.close();
  await simulator.close();
});

const rows = async <T>(text: string): Promise<T[]> => (await client.query(text)).rows as T[];

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

  let product = await startProductProcess(options);
  // The owner switches the playbook on; from here on new customers are welcomed.
  await client.query(
    "update headwater.playbooks set state = 'live', live_since = now() where template_key like '%welcome%'",
  );
  const customer = simulator.world.createCustomer({
    email: 'grace@example.com',
    name: 'Grace Moss',
  });
  simulator.world.subscribe({ customer: customer.id, items: [{ price: 'price_growth_month' }] });
  await product.kill();
  product = await startProductProcess(options);

  await eventually(
    async () => await rows('select id from headwater.playbook_runs'),
    (runs) => runs.length === 1,
    30_000,
  );
  for (let round = 0; round < 3; round += 1) {
    await product.kill();
    product = await startProductProcess(options);
  }
  expect(mailbox.mails).toHaveLength(0);

  // The hour passes: what is due is a row, so the test moves it.
  await client.query(
    "update headwater.playbook_runs set due_at = now() - interval '1 second' where state = 'active'",
  );
  for (const pause of [120, 250, 400]) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    await product.kill();
    product = await startProductProcess(options);
  }
  // A mail that was leased when the process died is taken up again when the lease runs out.
  await client.query(
    "update headwater.outbox set leased_until = now() - interval '1 second' where state = 'leased'",
  );
  await eventually(
    async () => mailbox.mails.length,
    (n) => n >= 1,
    30_000,
  );
  await eventually(
    async () => await rows<{ state: string }>('select state from headwater.playbook_runs'),
    (runs) => runs.every((run) => run.state === 'finished'),
  );
  await new Promise((resolve) => setTimeout(resolve, 1_500));

  expect(mailbox.mails).toHaveLength(1);
  const mail = mailbox.mails[0]!;
  expect(mail.to && !Array.isArray(mail.to) ? mail.to.text : '').toContain('grace@example.com');
  expect(mail.text).toContain('Grace');
  expect(mail.headers.has('list-unsubscribe')).toBe(true);
  expect(await rows('select id from headwater.outbox')).toHaveLength(1);
  expect(await product.stop()).toBe(0);
}, 180_000);
