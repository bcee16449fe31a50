import { buildServer } from '../api/index.ts';
import { createSmtpMailer } from '../messages/index.ts';
import { AppError, openBus } from '../platform/index.ts';
import { startWorker } from '../worker/index.ts';
import type { App } from './app.ts';
import { WEB_ROOT, ensurePage } from './build-page.ts';

/** How long an open request may hold up a stop. */
const LONGEST_GOODBYE_MS = 5_000;

export interface Serving {
  /** Where it answers, with the port really taken. */
  address: string;
  stop(): Promise<void>;
}

/** The page, the API, the webhook and the worker, in this process. */
export async function serve(app: App, options: { demo: boolean }): Promise<Serving> {
  const { ctx } = app;
  await ensurePage(WEB_ROOT, ctx.log);
  const bus = await openBus(app.database_url, ctx.log);
  const mailer = ctx.config.smtp_url ? createSmtpMailer(ctx.config) : null;
  const server = await buildServer(ctx, { bus, demo: options.demo, web_root: WEB_ROOT });
  let address: string;
  try {
    address = await server.listen({ host: ctx.config.host, port: ctx.config.port });
  } catch (cause) {
    await bus.close();
    throw listenFailure(cause, ctx.config.port);
  }
  const worker = startWorker(ctx, { bus, mailer });
  return {
    address,
    async stop() {
      // First nothing new comes in, then what is in hand is finished.
      const impatient = setTimeout(() => server.server.closeAllConnections(), LONGEST_GOODBYE_MS);
      await server.close();
      clearTimeout(impatient);
      await worker.stop();
      await mailer?.close();
      await bus.close();
    },
  };
}

function listenFailure(cause: unknown, port: number): unknown {
  if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') return cause;
  return new AppError(
    'port_taken',
    `Port ${port} is in use. Stop the other program, or set HEADWATER_PORT to another port.`,
    { cause },
  );
}

/** One press of Ctrl-C can arrive several times: from the terminal, and again from whoever started us. */
const SAME_PRESS_MS = 2_000;

/** Resolves at the first Ctrl-C or termination signal; a second press ends the process at once. */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    let stoppingSince: number | null = null;
    const stop = (): void => {
      if (stoppingSince !== null && performance.now() - stoppingSince > SAME_PRESS_MS)
        process.exit(130);
      stoppingSince ??= performance.now();
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  });
}
