import type { Command } from 'commander';
import { messageOf, AppError, startLoop } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { continueSyncs, getSyncProgress, listSources } from '../stripe/index.ts';
import type { SyncProgress } from '../stripe/index.ts';
import { lookAgain, lookAgainAtAll } from '../worker/index.ts';
import { print, withApp } from './app.ts';
import type { Opener } from './app.ts';
import { connect } from './connect.ts';

const TICK_MS = 500;

/** What `sync --json` prints. */
interface Summary {
  complete: boolean;
  objects: number;
  seconds: number;
  requests: number;
  rate_limited: number;
  errors: { resource: string; message: string }[];
}

export function addSync(program: Command, opener: Opener): void {
  program
    .command('sync')
    .description('copy the account in the foreground; exits with 0 only when everything is there')
    .option('--json', 'print one summary object')
    .action(async (options: { json?: boolean }) => {
      await withApp(opener, async ({ ctx }) => {
        const started = performance.now();
        const sourceId = await findOrConnect(ctx);
        const progress = await follow(ctx, sourceId, started);
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
async function follow(ctx: Context, sourceId: number, started: number): Promise<SyncProgress> {
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  const loop = startLoop(ctx, { name: 'look again', idle_ms: 500, work: lookAgain });
  try {
    for (;;) {
      const work = continueSyncs(ctx, stop.signal).catch((error: unknown) => {
        ctx.log.error({ err: error }, 'the sync stopped');
        process.stderr.write(`\n${messageOf(error)}\n`);
        return 0;
      });
      const done = await drawWhile(work, ctx, sourceId, started);
      const progress = await getSyncProgress(ctx, sourceId);
      if (progress.state !== 'running' || stop.signal.aborted) return progress;
      if (done === 0) await new Promise((resolve) => setTimeout(resolve, TICK_MS));
    }
  } finally {
    await loop.stop();
    if (process.stderr.isTTY) process.stderr.write('\n');
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}

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
  const done = progress.resources.reduce((sum, row) => sum + row.done, 0);
  const expected = progress.resources.reduce(
    (sum, row) => sum + Math.max(row.done, row.expected ?? row.done),
    0,
  );
  const share = expected > 0 ? done / expected : 0;
  const bar = '▇'.repeat(Math.round(share * 24)).padEnd(24, '▁');
  const seconds = (performance.now() - started) / 1000;
  const rate = done / Math.max(seconds, 0.1);
  const left = rate > 0 ? Math.round((expected - done) / rate) : 0;
  const n = (value: number) => Math.round(value).toLocaleString('en-US');
  return `${bar} ${n(done)} of about ${n(expected)} · ${n(rate)}/s · ${left} s left`;
}

function summarise(progress: SyncProgress, seconds: number): Summary {
  return {
    complete: progress.state === 'complete',
    objects: progress.resources.reduce((sum, row) => sum + row.done, 0),
    seconds: Math.round(seconds * 10) / 10,
    requests: progress.requests,
    rate_limited: progress.rate_limited,
    errors: progress.resources.flatMap((row) =>
      row.error ? [{ resource: row.resource, message: row.error.message }] : [],
    ),
  };
}

function describe(summary: Summary): string {
  const head = summary.complete ? 'Complete' : 'Not complete';
  const errors = summary.errors.map((error) => `\n  ${error.resource}: ${error.message}`).join('');
  return `${head}: ${summary.objects.toLocaleString('en-US')} objects in ${summary.seconds} s, ${summary.requests} requests, ${summary.rate_limited} rate limited.${errors}`;
}
