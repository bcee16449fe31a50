import { parseArgs } from 'node:util';

const HELP = `npm run bench -- <what> [options]; the last line of output is one JSON object

  sync       the first sync of a large account: wall time beside what Stripe's limits allow
  webhooks   events a second from the wire to activities

  --quick      a small part of the data and no peers, for every change
  --scale 1    so many times the data
  --no-peers   only Headwater
  --no-settle  do not wait until figures and audiences have followed the rows
  --peer-s 900 how long a peer may take before it is ended
`;

export interface BenchOptions {
  quick: boolean;
  scale: number;
  peers: boolean;
  settle: boolean;
  peer_s: number;
}

/** One module a benchmark, loaded only when it is asked for. Each answers the object to print. */
const BENCHES: Record<string, () => Promise<(options: BenchOptions) => Promise<object>>> = {
  sync: async () => (await import('./sync/run-sync.ts')).runSync,
  webhooks: async () => (await import('./webhooks/run-webhooks.ts')).runWebhooks,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    scale: { type: 'string', default: '1' },
    'no-peers': { type: 'boolean', default: false },
    'no-settle': { type: 'boolean', default: false },
    'peer-s': { type: 'string', default: '900' },
  },
});
const load = BENCHES[positionals[0] ?? ''];
if (!load) {
  process.stderr.write(HELP);
  process.exit(2);
}
const run = await load();
// A bench that is ended ends its programs and removes its folders.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
const result = await run({
  quick: values.quick,
  scale: Number(values.scale),
  peers: !values.quick && !values['no-peers'],
  settle: !values['no-settle'],
  peer_s: Number(values['peer-s']),
});
process.stdout.write(`${JSON.stringify(result)}\n`);
