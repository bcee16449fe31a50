import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { SendOptions, SendResult } from './send-events.ts';

export interface Sender {
  /** Begins to send; resolves when the last answer came. */
  go(): Promise<SendResult>;
}

/** Starts the load generator and waits until its connections are open. */
export async function prepareSender(
  folder: string,
  bodies: readonly string[],
  options: Omit<SendOptions, 'events_file'>,
): Promise<Sender> {
  const events_file = path.join(folder, 'events.ndjson');
  const options_file = path.join(folder, 'send.json');
  await writeEvents(events_file, bodies);
  await writeFile(options_file, JSON.stringify({ ...options, events_file }));
  const script = path.join(import.meta.dirname, 'send-events.ts');
  const child = spawn(process.execPath, [script, options_file], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let printed = '';
  let onPrint = (): void => undefined;
  child.stdout.on('data', (chunk) => {
    printed += String(chunk);
    onPrint();
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  await new Promise<void>((resolve, reject) => {
    onPrint = () => printed.includes('ready\n') && resolve();
    void ended.then((code) => reject(new Error(`the load generator ended with code ${code}`)));
  });
  return {
    async go() {
      child.stdin.write('go\n');
      const code = await ended;
      if (code !== 0) throw new Error(`the load generator ended with code ${code}`);
      return JSON.parse(printed.trim().split('\n').at(-1)!) as SendResult;
    },
  };
}

/** A file with one body a line, as a JSON string, since Stripe's bodies have line breaks. */
export async function writeEvents(file: string, bodies: readonly string[]): Promise<void> {
  await writeFile(file, bodies.map((body) => JSON.stringify(body)).join('\n'));
}
