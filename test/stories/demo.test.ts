import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, freePort, temporaryFolder } from '../support/product.ts';

let place: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  place = await temporaryFolder();
});
afterAll(async () => await place.remove());

interface Demo {
  line: string;
  seconds: number;
  stop(): Promise<number | null>;
}

async function startDemo(port: number): Promise<Demo> {
  const began = performance.now();
  const child = spawn(
    process.execPath,
    [path.resolve('bin/headwater'), 'demo', '--customers', '60', '--months', '6'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        DATABASE_URL: '',
        HEADWATER_PORT: String(port),
        HEADWATER_DATA_DIR: place.folder,
      },
    },
  );
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const line = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the demo ended with code ${code}`)));
    createInterface({ input: child.stdout }).once('line', resolve);
  });
  return {
    line,
    seconds: (performance.now() - began) / 1000,
    async stop() {
      child.kill('SIGINT');
      return await exited;
    },
  };
}

async function signedIn(url: string, line: string): Promise<(path: string) => Promise<unknown>> {
  const [, email, password] = /sign in as (\S+) with the password (\S+)/.exec(line)!;
  const response = await fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ email, password }),
  });
  expect(response.status).toBe(200);
  const cookie = response.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
  return async (route) => await (await fetch(`${url}${route}`, { headers: { cookie } })).json();
}

test('the demo is ready within a minute, syncs, stops cleanly and goes on where it was', async () => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const first = await startDemo(port);
  expect(first.line.startsWith(`Headwater is ready at ${url}`)).toBe(true);
  expect(first.seconds).toBeLessThan(60);
  const ask = await signedIn(url, first.line);
  const [source] = await eventually(
    async () => ((await ask('/api/sources')) as { sources?: { state: string }[] }).sources ?? [],
    (sources) => sources[0]?.state === 'live',
    60_000,
  );
  expect(source?.state).toBe('live');
  const people = ((await ask('/api/people')) as { total: number }).total;
  expect(people).toBeGreaterThan(30);
  expect(await first.stop()).toBe(0);

  const second = await startDemo(port);
  const again = await signedIn(url, second.line);
  expect(((await again('/api/people')) as { total: number }).total).toBeGreaterThanOrEqual(people);
  expect(((await again('/api/sources')) as { sources: unknown[] }).sources).toHaveLength(1);
  expect(await second.stop()).toBe(0);
}, 240_000);
