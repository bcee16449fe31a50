import { spawn } from 'node:child_process';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import { clusterFolder, findServerUser } from './postgres-binaries.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'headwater-cluster-'));
});
afterAll(async () => {
  await rm(clusterFolder(folder, await findServerUser()), { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
});

async function ask(url: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query('select 1 as one')).rows;
  } finally {
    await client.end();
  }
}

test('starts, is found running, keeps its port, and is stopped by its owner only', async () => {
  const first = await startEmbeddedPostgres(folder);
  expect(first.started).toBe(true);
  const second = await startEmbeddedPostgres(folder);
  expect(second.started).toBe(false);
  expect(second.url).toBe(first.url);
  await second.stop();
  expect(await ask(first.url)).toEqual([{ one: 1 }]);
  // As after a kill: who takes a left-over server over is the one to stop it.
  await second.stop({ owner: true });
  await expect(ask(first.url)).rejects.toThrow(/ECONNREFUSED/);
  const third = await startEmbeddedPostgres(folder);
  expect(new URL(third.url).port).toBe(new URL(first.url).port);
  await third.stop();
});

test('a pid file whose number now belongs to another program does not keep it from starting', async () => {
  const user = await findServerUser();
  const cluster = clusterFolder(folder, user);
  const as = user.uid === null ? {} : { uid: user.uid, gid: user.gid };
  const other = spawn('sleep', ['60'], as);
  const pidFile = path.join(cluster, 'postmaster.pid');
  await writeFile(pidFile, `${other.pid}\n${cluster}\n1700000000\n1\n\n127.0.0.1\n\nready\n`);
  if (user.uid !== null) await chown(pidFile, user.uid, user.gid);
  try {
    const server = await startEmbeddedPostgres(folder);
    expect(await ask(server.url)).toEqual([{ one: 1 }]);
    await server.stop();
  } finally {
    other.kill();
  }
});
