import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, expect, test } from 'vitest';

const MAIN = path.join(import.meta.dirname, 'main.ts');
const folder = mkdtempSync(path.join(tmpdir(), 'simulator-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Line {
  url: string;
  key: string;
  customers: number;
}

/** Starts the program, does something with it, and asks it to end. */
async function run(args: string[], use: (line: Line) => Promise<void>): Promise<number | null> {
  const child = spawn(process.execPath, [MAIN, '--json', '--port', '0', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const line = await new Promise<string>((resolve) => {
    createInterface({ input: child.stdout }).once('line', resolve);
  });
  await use(JSON.parse(line) as Line);
  child.kill('SIGTERM');
  return exited;
}

test('the program serves an account and goes on from its file', async () => {
  const args = ['--customers', '30', '--months', '3', '--state', path.join(folder, 'account.json')];
  const read = async ({ url, key }: Line, resource: string) => {
    const headers = { authorization: `Bearer ${key}` };
    const response = await fetch(`${url}/v1/${resource}?limit=100`, { headers });
    return ((await response.json()) as { data: { id: string }[] }).data.map((row) => row.id);
  };
  let before: string[] = [];
  let firstKey = '';
  const ended = await run(args, async (line) => {
    const options = { method: 'POST', body: '{"name": "Ada"}' };
    await fetch(`${line.url}/_simulator/createCustomer`, options);
    before = await read(line, 'customers');
    firstKey = line.key;
  });
  expect([ended, before.length]).toEqual([0, 31]);
  await run(args, async (line) => {
    expect(line.key).toBe(firstKey);
    expect(await read(line, 'customers')).toEqual(before);
  });
});

test('with its parent gone it ends too, with its account saved', async () => {
  const file = path.join(folder, 'orphan.json');
  const args = [MAIN, '--json', '--port', '0', '--state', file, '--until-stdin-ends'];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  await new Promise((resolve) => createInterface({ input: child.stdout }).once('line', resolve));
  child.stdin.end();
  expect(await exited).toBe(0);
});
