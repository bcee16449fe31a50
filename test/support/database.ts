import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import {
  createLog,
  createVault,
  fixedClock,
  loadConfig,
  openDatabase,
} from '../../src/platform/index.ts';
import type { Config, Context, FixedClock } from '../../src/platform/index.ts';
import { TEMPLATE, withDatabase } from './server.ts';

export interface TestContext extends Context {
  clock: FixedClock;
  database_url: string;
  /** Closes the pool and drops the database. */
  close(): Promise<void>;
}

/** A fresh database on the run's server, as a connection string. Drop it with `drop`. */
export async function createTestDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  const server = inject('database_server');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asAdmin(server, `create database ${name} template ${TEMPLATE}`);
  return {
    url: withDatabase(server, name),
    drop: async () => await asAdmin(server, `drop database ${name} with (force)`),
  };
}

async function asAdmin(server: string, statement: string): Promise<void> {
  const admin = new pg.Client({ connectionString: server });
  await admin.connect();
  try {
    await admin.query(statement);
  } finally {
    await admin.end();
  }
}

/**
 * A context on a database of its own, with a clock that stands at `now` until moved.
 * Logs are silent unless HEADWATER_LOG_LEVEL says otherwise.
 */
export async function createTestContext(
  options: { now?: Date; config?: Partial<Config> } = {},
): Promise<TestContext> {
  const { url, drop } = await createTestDatabase();
  const secret = 'a secret for tests, not for real life';
  const loaded = loadConfig({ HEADWATER_SECRET: secret, DATABASE_URL: url });
  const config = { ...loaded, ...options.config };
  const db = openDatabase(url);
  return {
    db,
    clock: fixedClock(options.now ?? new Date('2026-03-01T12:00:00Z')),
    log: createLog(process.env.HEADWATER_LOG_LEVEL ?? 'silent'),
    config,
    vault: createVault(config.secret),
    database_url: url,
    async close() {
      await db.destroy();
      await drop();
    },
  };
}
