import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { freePort, temporaryFolder } from '../support/product.ts';

interface Installation {
  url: string;
  token: string;
  stop(): Promise<number | null>;
}

/** `headwater start` with the embedded database in a folder of its own. */
async function startInstallation(folder: string): Promise<Installation> {
  const port = await freePort();
  const child = spawn(process.execPath, [path.resolve('bin/headwater'), 'start'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      DATABASE_URL: '',
      HEADWATER_PORT: String(port),
      HEADWATER_DATA_DIR: folder,
      HEADWATER_LOG_LEVEL: 'error',
    },
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const token = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`it ended with code ${code}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /one-time token: (\S+)/.exec(line)?.[1];
      if (found) resolve(found);
    });
  });
  return {
    url: `http://127.0.0.1:${port}`,
    token,
    async stop() {
      child.kill('SIGINT');
      return await exited;
    },
  };
}

test('two installations with their own port and folder run side by side', async () => {
  const folders = [await temporaryFolder(), await temporaryFolder()];
  try {
    const both = await Promise.all(folders.map(({ folder }) => startInstallation(folder)));
    for (const { url } of both) expect((await fetch(`${url}/healthz`)).status).toBe(200);
    // The token of the one is worth nothing at the other.
    const body = JSON.stringify({
      token: both[0]!.token,
      name: 'Eve',
      email: 'eve@example.com',
      password: 'long enough words',
    });
    const headers = { 'content-type': 'application/json', origin: both[1]!.url };
    const refused = await fetch(`${both[1]!.url}/api/setup`, { method: 'POST', headers, body });
    expect(refused.status).toBe(403);
    expect(await Promise.all(both.map((one) => one.stop()))).toEqual([0, 0]);
  } finally {
    for (const folder of folders) await folder.remove();
  }
}, 120_000);
