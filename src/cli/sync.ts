import type { Command } from 'commander';
import { messageOf, AppError, startLoop } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import {
  continueSyncs,
  getSyncProgress,
  listSources,
  walkPaymentMethods,
} from '../stripe/index.ts';
import type { SyncProgress } from '../stripe/index.ts';
import { lookAgain, lookAgainAtAll } from '../worker/index.ts';
import { print, withApp } from './app.ts';
import type { Opener } from './app.ts';
import { connect } from './connect.ts';

const TICK_MS = 500;
/** A walk over payment methods that stands still for so long has used up what Stripe allows. */
const STILL_MS = 30_000;

/** What `sync --json` prints. */
interface Summary {
  complete: boolean;
  objects: number;
  seconds: number;
  requests: number;
  rate_limited: number;
  errors: { resource: string; message: string }[];
  /** What the key may not read; no error. */
  skipped: { resource: string; permission: string | null }[];
  /** How far the walk over the payment methods is, which goes on in the background. */
  payment_methods: { complete: boolean; customers: number; expected: number | null };
}

export function addSync(program: Command, opener: Opener): void {
  program
    .command('sync')
    .description('copy the account in the foreground; exits with 0 only when everything is there')
    .option('--json', 'print one summary object')
    .option('--without-payment-methods', 'do not wait for the payment methods')
    .action(async (options: { json?: boolean; withoutPaymentMethods?: boolean }) => {
      await withApp(opener, async ({ ctx }) => {
        const started = performance.now();
        const sourceId = await findOrConnect(ctx);
        const progress = await follow(ctx, sourceId, started, {
          lane: options.withoutPaymentMethods !== true,
        });
        await lookAgainAtAll(ctx);
        const summary = summarise(progress, (performance.now() - started) / 1000);
        print(options.json ? JSON.stringify(summary) : describe(summary));
        if (!summary.complete) process.exitCode = 1;
      });
    });
}

/** With STRIPE_KEY set, a fresh installation is connected on the way. */
async function findOrConnect(ctx: Context): Promise<number> {
  const source = (await listSources(ctx))[0];
  if (source) return source.id;
  const key = process.env.STRIPE_KEY?.trim();
  if (key) return (await connect(ctx, key)).id;
  throw new AppError(
    'no_source',
    'No Stripe account is connected. Run "headwater connect" first, or set STRIPE_KEY.',
  );
}

/** Works on the sync here, or watches while another process of this installation does. */
async function follow(
  ctx: Context,
  sourceId: number,
  started: number,
  wait: { lane: boolean },
): Promise<SyncProgress> {
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  const loop = startLoop(ctx, { name: 'look again', idle_ms: 500, work: lookAgain });
  let moved = { done: -1, at: performance.now() };
  try {
    for (;;) {
      const lists = (await getSyncProgress(ctx, sourceId)).state === 'running';
      const going = lists
        ? continueSyncs(ctx, stop.signal)
        : walkPaymentMethods(ctx, stop.signal, 'foreground');
      const work = going.catch((error: unknown) => {
        ctx.log.error({ err: error }, 'the sync stopped');
        process.stderr.write(`\n${messageOf(error)}\n`);
        return 0;
      });
      const done = await drawWhile(work, ctx, sourceId, started);
      const progress = await getSyncProgress(ctx, sourceId);
      const walked = laneOf(progress)?.done ?? 0;
      if (lists || walked !== moved.done) moved = { done: walked, at: performance.now() };
      const still = performance.now() - moved.at > STILL_MS;
      const over = progress.state !== 'running' && !(wait.lane && isWalking(progress) && !still);
      if (over || stop.signal.aborted) return progress;
      if (done === 0) await new Promise((resolve) => setTimeout(resolve, TICK_MS));
    }
  } finally {
    await loop.stop();
    if (process.stderr.isTTY) process.stderr.write('\n');
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}

const laneOf = (progress: SyncProgress) =>
  progress.resources.find(({ lane }) => lane === 'payment_methods');

const isWalking = (progress: SyncProgress): boolean =>
  progress.state === 'complete' && laneOf(progress)?.state === 'running';

async function drawWhile(
  work: Promise<number>,
  ctx: Context,
  sourceId: number,
  started: number,
): Promise<number> {
  let finished = false;
  const settled = work.finally(() => (finished = true));
  while (!finished) {
    await Promise.race([settled, new Promise((resolve) => setTimeout(resolve, TICK_MS))]);
    if (process.stderr.isTTY)
      process.stderr.write(`\r\u001B[K${line(await getSyncProgress(ctx, sourceId), started)}`);
  }
  return await settled;
}

/** `▇▇▇▇▁▁▁▁ 12,400 of about 31,000 · 2,100/s · 9 s left` */
function line(progress: SyncProgress, started: number): string {
  const rows = isWalking(progress)
    ? progress.resources.filter(({ lane }) => lane === 'payment_methods')
    : progress.resources.filter(({ lane }) => lane === 'main');
  const done = rows.reduce((sum, row) => sum + row.done, 0);
  const expected = rows.reduce((sum, row) => sum + Math.max(row.done, row.expected ?? row.done), 0);
  const share = expected > 0 ? done / expected : 0;
  const bar = '▇'.repeat(Math.round(share * 24)).padEnd(24, '▁');
  const seconds = (performance.now() - started) / 1000;
  const rate = done / Math.max(seconds, 0.1);
  const left = rate > 0 ? Math.round((expected - done) / rate) : 0;
  const n = (value: number) => Math.round(value).toLocaleString('en-US');
  return `${bar} ${n(done)} of about ${n(expected)} · ${n(rate)}/s · ${left} s left`;
}

function summarise(progress: SyncProgress, seconds: number): Summary {
  const lane = laneOf(progress);
  return {
    complete: progress.state === 'complete',
    objects: progress.resources.reduce(
      (sum, row) => sum + (row.counts === 'objects' ? row.done : 0),
      0,
    ),
    seconds: Math.round(seconds * 10) / 10,
    requests: progress.requests,
    rate_limited: progress.rate_limited,
    errors: progress.resources.flatMap((row) =>
      row.error ? [{ resource: row.resource, message: row.error.message }] : [],
    ),
    skipped: progress.resources.flatMap((row) =>
      row.state === 'skipped'
        ? [
            {
              resource: row.resource,
              permission: row.missing && `${row.missing.label} → ${row.missing.access}`,
            },
          ]
        : [],
    ),
    payment_methods: {
      complete: lane?.state === 'done' || lane?.state === 'skipped',
      customers: lane?.done ?? 0,
      expected: lane?.expected ?? null,
    },
  };
}

function describe(summary: Summary): string {
  const head = summary.complete ? 'Complete' : 'Not complete';
  const errors = summary.errors.map((error) => `\n  ${error.resource}: ${error.message}`).join('');
  const skipped = summary.skipped
    .map(({ resource, permission }) =>
      permission
        ? `\n  ${resource}: skipped, the key lacks ${permission}`
        : `\n  ${resource}: skipped, this account does not offer it`,
    )
    .join('');
  const { complete, customers, expected } = summary.payment_methods;
  const lane = complete
    ? ''
    : `\n  payment methods: of ${customers} of ${expected ?? '?'} customers; goes on in the background`;
  return `${head}: ${summary.objects.toLocaleString('en-US')} objects in ${summary.seconds} s, ${summary.requests} requests, ${summary.rate_limited} rate limited.${skipped}${lane}${errors}`;
}
