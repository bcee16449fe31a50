import type { Mailer } from '../messages/index.ts';
import { startLoop } from '../platform/index.ts';
import type { Bus, Context } from '../platform/index.ts';
import { schedule } from './schedule.ts';

export interface Worker {
  /** Waits for the work in hand, then stops. What is left is rows and goes on at the next start. */
  stop(): Promise<void>;
}

/** Starts every job of the schedule and wakes each by the notices it waits for. */
export function startWorker(ctx: Context, deps: { bus: Bus; mailer: Mailer | null }): Worker {
  const running = schedule(deps.mailer).map((job) => ({ job, loop: startLoop(ctx, job) }));
  const unsubscribe = deps.bus.subscribe((notice) => {
    for (const { job, loop } of running) if (job.wake_on.includes(notice.topic)) loop.wake();
  });
  return {
    async stop() {
      unsubscribe();
      await Promise.all(running.map(({ loop }) => loop.stop()));
    },
  };
}
