import type { Context } from '../../platform/index.ts';
import { newId } from '../../platform/index.ts';
import type { Mode } from '../definition.ts';
import { announceUse, endUse } from '../queries/limiter-shares.ts';
import { HUNGRY, divideLimit } from './divide-limit.ts';
import { createLimiter, limitsOf } from './limiter.ts';
import type { Limiter } from './limiter.ts';

/** How often a process that uses a source says so and looks who else does. */
const EVERY_MS = 1_000;
/** After this long without a request a process gives its share back. */
const IDLE_MS = 3_000;
/** What a newcomer takes until everybody else has made room: it fits into the headroom. */
const CAREFUL = 0.1;
const CAREFUL_MS = 2_200;

/** A process names itself once for each installation it works for. */
export const nameProcess = (): string => newId('proc');

export interface LimitedSource {
  id: number;
  mode: Mode;
  rate_share: number;
}

/*
 *   idle ──first request──▶ announced (alone: the whole rate; with others: careful, then its part)
 *     ▲                        │ every second: demand out, part in
 *     └──3 s without requests──┘ row deleted; a process that dies is passed over after 3.5 s
 */

/**
 * The limiter of a source in this process, which keeps to this process's part of the rate while
 * others of the same installation use the source too. Without a database to ask it keeps its part.
 */
export function createSharedLimiter(
  ctx: Context,
  source: LimitedSource,
  process_id: string,
): Limiter {
  const share = (rate: number) => limitsOf(source.mode, ctx.config.stripe_share * rate);
  const inner = createLimiter(share(source.rate_share));
  const use = { rate: source.rate_share, since: 0, requests: 0, at: 0 };
  let announcing: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;

  const announce = async (): Promise<void> => {
    const now = performance.now();
    const seconds = Math.max(0.2, (now - use.at) / 1000);
    const demand = inner.waiting() > 0 ? HUNGRY : use.requests / seconds;
    Object.assign(use, { requests: 0, at: now });
    const { demands, rate_share } = await announceUse(ctx, source.id, { process_id, demand });
    use.rate = rate_share;
    const whole = share(rate_share);
    const part = divideLimit(demands, whole.global_per_s);
    const fresh = demands.length > 1 && now - use.since < CAREFUL_MS;
    inner.setLimits(scale(whole, fresh ? Math.min(part, CAREFUL) : part));
  };
  const beat = async (): Promise<void> => {
    timer = null;
    try {
      if (!inner.isIdle(IDLE_MS)) {
        await announce();
        again();
        return;
      }
      use.since = 0;
      await endUse(ctx, source.id, process_id);
    } catch (error) {
      // No database now: go on with the part as it was; what is fetched could not be stored anyway.
      ctx.log.debug({ err: error, source_id: source.id }, 'the rate limit could not be shared');
      if (inner.isIdle(IDLE_MS)) use.since = 0;
      else again();
    }
  };
  const again = (): void => {
    timer = setTimeout(() => void beat(), EVERY_MS).unref();
  };
  const join = async (): Promise<void> => {
    const now = performance.now();
    Object.assign(use, { since: now, at: now, requests: 0 });
    inner.setLimits(scale(share(use.rate), CAREFUL));
    try {
      await announce();
    } catch (error) {
      ctx.log.debug({ err: error, source_id: source.id }, 'the rate limit could not be shared');
    }
    if (!timer) again();
  };

  return {
    ...inner,
    get limits() {
      return inner.limits;
    },
    async acquire(endpoint, weight, signal) {
      use.requests += 1;
      if (use.since === 0) announcing ??= join().finally(() => (announcing = null));
      if (announcing) await announcing;
      await inner.acquire(endpoint, weight, signal);
    },
  };
}

const scale = (limits: Limiter['limits'], part: number): Limiter['limits'] => ({
  global_per_s: limits.global_per_s * part,
  endpoint_per_s: limits.endpoint_per_s * part,
});
