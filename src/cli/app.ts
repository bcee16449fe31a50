import type { Config, Context } from '../platform/index.ts';

/** An opened installation: a migrated database and a context on it. */
export interface App {
  ctx: Context;
  database_url: string;
  /** `owner`: the database is ours to stop, whoever started it. */
  close(options?: { owner?: boolean }): Promise<void>;
}

/** How a command gets at the installation. Only the composition root makes contexts, so it is handed in. */
export interface Opener {
  /** Reads the settings; `defaults` are this command's own fallbacks. */
  config(defaults?: Record<string, string>): Config;
  open(config: Config): Promise<App>;
}

/** Opens, works, closes; the database that was started for it is stopped again. */
export async function withApp<T>(opener: Opener, work: (app: App) => Promise<T>): Promise<T> {
  const app = await opener.open(opener.config({ HEADWATER_LOG_LEVEL: 'warn' }));
  try {
    return await work(app);
  } finally {
    await app.close();
  }
}

/** What a command prints as its answer; everything else goes to stderr. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
