import { createProgram } from './cli/index.ts';
import type { App, Opener } from './cli/index.ts';
import {
  AppError,
  createLog,
  createVault,
  loadConfig,
  migrate,
  openDatabase,
  startEmbeddedPostgres,
  systemClock,
} from './platform/index.ts';
import type { Config } from './platform/index.ts';

/** The one composition root: what every room is handed is put together here. */
const OLDEST_NODE = 24;
if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
  process.stderr.write(
    `Headwater needs Node ${OLDEST_NODE} or newer, this is ${process.version}. Start it with bin/headwater, which finds the right one.\n`,
  );
  process.exit(1);
}

async function open(config: Config): Promise<App> {
  const log = createLog(config.log_level);
  const embedded = config.database_url ? null : await startEmbeddedPostgres(config.data_dir);
  const url = config.database_url ?? embedded!.url;
  try {
    await migrate(url);
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
  const db = openDatabase(url);
  return {
    ctx: { db, clock: systemClock(), log, config, vault: createVault(config.secret) },
    database_url: url,
    async close(options) {
      await db.destroy();
      await embedded?.stop(options);
    },
  };
}

const opener: Opener = { config: (defaults) => loadConfig(process.env, defaults), open };

try {
  await createProgram(opener).parseAsync();
} catch (error) {
  // An expected failure is its sentence; anything else is a bug and shows where it happened.
  process.stderr.write(
    `${error instanceof AppError ? error.message : String((error as Error).stack ?? error)}\n`,
  );
  process.exitCode = 1;
}
