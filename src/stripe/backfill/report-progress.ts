import { setTimeout as delay } from 'node:timers/promises';
import { analyzeObjects } from '../../objects/index.ts';
import { notify } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';
import type { StripeClient } from '../client/client.ts';
import { countWork } from '../queries/runs.ts';
import type { SyncRun } from '../queries/runs.ts';

const EVERY_MS = 400;

/** While a run goes on, writes down what it spends and tells open pages to look. Ends with the signal. */
export async function reportProgress(
  ctx: Context,
  client: StripeClient,
  run: SyncRun,
  signal: AbortSignal,
): Promise<void> {
  let { requests, rate_limited } = client.counts;
  let at = performance.now();
  let analyzeAt = 25;
  const report = async (): Promise<void> => {
    const now = performance.now();
    const { counts } = client;
    const spent = {
      requests: counts.requests - requests,
      rate_limited: counts.rate_limited - rate_limited,
      busy_ms: Math.round(now - at),
    };
    await countWork(ctx, run.id, spent);
    ({ requests, rate_limited } = counts);
    at = now;
    const pages = run.requests + counts.requests;
    if (pages >= analyzeAt) {
      analyzeAt = pages * 4;
      await analyzeObjects(ctx);
    }
    await notify(ctx, { topic: 'sync', source_id: run.source_id });
  };
  while (!signal.aborted) {
    await delay(EVERY_MS, undefined, { signal }).catch(() => undefined);
    try {
      await report();
    } catch (error) {
      // Counting must not end a sync: the next report catches up.
      ctx.log.warn({ err: error }, 'the progress of a sync could not be written');
    }
  }
}
