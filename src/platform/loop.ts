import type { Context } from './context.ts';

export interface LoopOptions {
  name: string;
  /** How long to rest when there was nothing to do and nobody woke us. */
  idle_ms: number;
  /**
   * Does one batch. Answers how much it did: more than 0 means "call me again at once". `signal`
   * is aborted when the program stops; long work should look at it between steps.
   */
  work: (ctx: Context, signal: AbortSignal) => Promise<number>;
}

export interface Loop {
  /** Ends the present rest, if any. */
  wake(): void;
  /** Waits for the batch in hand, then stops. */
  stop(): Promise<void>;
}

const LONGEST_PAUSE_MS = 30_000;

/**
 * Repeats a piece of work for as long as the program runs. The state of the work is rows in the
 * database, so a crash loses nothing; a failure is logged and tried again, ever more slowly.
 */
export function startLoop(ctx: Context, options: LoopOptions): Loop {
  const stopping = new AbortController();
  let endRest: (() => void) | null = null;
  let woken = false;
  const rest = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      if (woken || stopping.signal.aborted) return resolve();
      const timer = setTimeout(resolve, ms);
      endRest = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const run = async (): Promise<void> => {
    let failures = 0;
    while (!stopping.signal.aborted) {
      woken = false;
      let pause = options.idle_ms;
      try {
        const done = await options.work(ctx, stopping.signal);
        failures = 0;
        if (done > 0) pause = 0;
      } catch (error) {
        if (stopping.signal.aborted) return;
        failures += 1;
        pause = Math.min(LONGEST_PAUSE_MS, 250 * 2 ** failures);
        ctx.log.error({ err: error, loop: options.name, failures }, 'a loop failed; trying again');
      }
      if (pause > 0) await rest(pause);
      endRest = null;
    }
  };
  const running = run();
  return {
    wake() {
      woken = true;
      endRest?.();
    },
    async stop() {
      stopping.abort();
      endRest?.();
      await running;
    },
  };
}
