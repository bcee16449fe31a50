import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { migrate, startEmbeddedPostgres } from '../../src/platform/index.ts';

export interface TestServer {
  url: string;
  stop(): Promise<void>;
}

/** The database every test database is copied from. */
export const TEMPLATE = 'headwater_template';

/** A throw-away Postgres with a migrated template database. Not durable across a machine crash, which no test needs. */
export async function startTestServer(): Promise<TestServer> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'headwater-test-'));
  const server = await startEmbeddedPostgres(folder, {
    extra: {
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      max_connections: '200',
    },
  });
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  await admin.query(`create database ${TEMPLATE}`);
  await admin.end();
  await migrate(withDatabase(server.url, TEMPLATE));
  return {
    url: server.url,
    async stop() {
      await server.stop({ force: true });
      await rm(folder, { recursive: true, force: true });
      const { clusterFolder, findServerUser } =
        await import('../../src/platform/postgres-binaries.ts');
      const cluster = clusterFolder(folder, await findServerUser());
      if (existsSync(cluster)) await rm(cluster, { recursive: true, force: true });
    },
  };
}

/** The same server, another database. */
export function withDatabase(url: string, database: string): string {
  const next = new URL(url);
  next.pathname = `/${database}`;
  return next.href;
}
