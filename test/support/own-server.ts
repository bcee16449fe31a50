import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { startEmbeddedPostgres } from '../../src/platform/index.ts';
import { clusterFolder, findServerUser } from '../../src/platform/postgres-binaries.ts';
import { eventually, temporaryFolder } from './product.ts';

/** How Postgres goes down: `fast` ends every session and says goodbye, `immediate` is a crash. */
export type Shutdown = 'fast' | 'immediate';

export interface OwnServer {
  url: string;
  goDown(how: Shutdown): Promise<void>;
  comeBack(): Promise<void>;
  remove(): Promise<void>;
}

const SIGNAL = { fast: 'SIGINT', immediate: 'SIGQUIT' } as const;

/**
 * A Postgres of the test's own, to be taken down and up. What was committed outlives its crash, as
 * the operating system lives on; only its `fsync` is off.
 */
export async function startOwnServer(): Promise<OwnServer> {
  const { folder, remove } = await temporaryFolder();
  const cluster = clusterFolder(folder, await findServerUser());
  const pidFile = path.join(cluster, 'postmaster.pid');
  const start = async () => await startEmbeddedPostgres(folder, { extra: { fsync: 'off' } });
  let server = await start();
  const { url } = server;
  return {
    url,
    async goDown(how) {
      const pid = Number((await readFile(pidFile, 'utf8')).split('\n')[0]);
      process.kill(pid, SIGNAL[how]);
      await eventually(
        async () => existsSync(pidFile),
        (there) => !there,
        60_000,
      );
    },
    async comeBack() {
      server = await start();
      if (server.url !== url) throw new Error('the server came back at another address');
    },
    async remove() {
      await server.stop({ force: true });
      await remove();
    },
  };
}
