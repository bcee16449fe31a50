import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { READ_ONLY_GRANTS, startSimulator } from './index.ts';
import type { Limits, SavedAccount, Simulator } from './index.ts';

const HELP = `Serves a simulated Stripe account over HTTP.

  --port 4242          0 picks a free one
  --host 127.0.0.1
  --customers 0        size of the generated history
  --months 36          its length
  --latency 0          milliseconds added to each answer
  --limits off         off, live (100/s, 25/s per endpoint) or sandbox (25/s)
  --seed 1             the same seed gives the same account
  --speed 1            simulated seconds per second; 0 stands still
  --live 0             things that happen by themselves per minute
  --mode test          test or live
  --account acct_...   the account's id, to tell several apart
  --api-version V      the account's default version, such as 2024-06-20
  --key rk_test_...    the restricted key to accept; made up when left out
  --state FILE         keep the account in a file: go on from it, save it every
                       20 seconds and at the end
  --json               print one JSON line instead of text
  --until-stdin-ends   stop when standard input ends, as it does when the parent dies
`;

const isLimits = (value: string): value is 'off' | 'live' | 'sandbox' =>
  ['off', 'live', 'sandbox'].includes(value);

function readOptions() {
  const text = (fallback: string) => ({ type: 'string' as const, default: fallback });
  const { values } = parseArgs({
    options: {
      port: text('4242'),
      host: text('127.0.0.1'),
      customers: text('0'),
      months: text('36'),
      latency: text('0'),
      limits: text('off'),
      seed: text('1'),
      speed: text('1'),
      live: text('0'),
      mode: text('test'),
      account: { type: 'string' },
      'api-version': { type: 'string' },
      key: { type: 'string' },
      state: { type: 'string' },
      json: { type: 'boolean', default: false },
      'until-stdin-ends': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const number = (
    name: 'port' | 'customers' | 'months' | 'latency' | 'seed' | 'speed' | 'live',
  ) => {
    const value = Number(values[name]);
    if (!Number.isFinite(value) || value < 0) throw new Error(`--${name} takes a number from 0 up`);
    return value;
  };
  if (!isLimits(values.limits)) throw new Error('--limits is off, live or sandbox');
  if (values.mode !== 'test' && values.mode !== 'live') throw new Error('--mode is test or live');
  const limits: Limits = values.limits;
  const { account: id, 'api-version': api_version } = values;
  return {
    help: values.help,
    json: values.json,
    lasting: values['until-stdin-ends'],
    key: values.key,
    file: values.state,
    mode: values.mode as 'test' | 'live',
    host: values.host,
    limits,
    account: {
      ...(id === undefined ? {} : { id }),
      ...(api_version === undefined ? {} : { api_version }),
    },
    port: number('port'),
    customers: number('customers'),
    months: number('months'),
    latency_ms: number('latency'),
    seed: number('seed'),
    speed: number('speed'),
    live_per_minute: number('live'),
  };
}

const readSaved = (file: string): SavedAccount =>
  JSON.parse(readFileSync(file, 'utf8')) as SavedAccount;

/** Writes the account whole or not at all. */
function writeSaved(simulator: Simulator, file: string): void {
  writeFileSync(`${file}.part`, JSON.stringify(simulator.save()), { mode: 0o600 });
  renameSync(`${file}.part`, file);
}

/** Saves the account now and then, when something has happened in it. */
function saveOften(simulator: Simulator, file: string): void {
  let written = -1;
  setInterval(() => {
    const { emitted } = simulator.world.state;
    if (emitted !== written) writeSaved(simulator, file);
    written = emitted;
  }, 20_000).unref();
}

async function main(): Promise<void> {
  const { help, json, lasting, file, key: wanted, ...options } = readOptions();
  if (help) {
    console.log(HELP);
    return;
  }
  const began = performance.now();
  const saved = file !== undefined && existsSync(file) ? readSaved(file) : undefined;
  const simulator = await startSimulator({ ...options, ...(saved === undefined ? {} : { saved }) });
  const seconds = (performance.now() - began) / 1000;
  const key = simulator.keys.create({
    grants: READ_ONLY_GRANTS,
    ...(wanted === undefined ? {} : { key: wanted }),
  });
  const { state } = simulator.world;
  const counts = {
    customers: state.customers.size,
    subscriptions: state.subscriptions.size,
    invoices: state.invoices.size,
    charges: state.charges.size,
    events: state.events.size,
  };
  if (json) {
    console.log(JSON.stringify({ url: simulator.url, key, seconds, ...counts }));
  } else {
    console.log(`Simulated Stripe at ${simulator.url} (built in ${seconds.toFixed(1)} s)`);
    console.log(`Restricted key      ${key}`);
    for (const [name, count] of Object.entries(counts))
      console.log(`  ${name.padEnd(16)} ${count}`);
    console.log(`Drive it with       POST ${simulator.url}/_simulator/advance {"days": 1}`);
  }
  if (file !== undefined) {
    writeSaved(simulator, file);
    saveOften(simulator, file);
  }
  const stop = () => {
    if (file !== undefined) writeSaved(simulator, file);
    void simulator.close().then(() => process.exit(0));
  };
  if (lasting) process.stdin.once('end', stop).resume();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
});
