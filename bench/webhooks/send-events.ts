// The load generator, a process of its own: sends events over kept connections, each with at most one
// request on its way, by hand-written HTTP so that little of the machine goes to asking.
//
//   node send-events.ts <file with SendOptions as JSON>
//
// Prints `ready`, begins when a line comes in on standard input, ends with one line of SendResult.
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { once } from 'node:events';

export interface SendOptions {
  url: string;
  secret: string;
  /** One JSON string a line, each a body. */
  events_file: string;
  in_flight: number;
  /** Events a second; null sends as fast as answers come. */
  rate: number | null;
}

export interface SendResult {
  sent: number;
  /** How often each status was answered. */
  statuses: Record<string, number>;
  seconds: number;
  p50_ms: number;
  p99_ms: number;
  max_ms: number;
  cpu_s: number;
  /** Wall time in ms at which each event was sent, in the file's order. */
  sent_at: number[];
}

const options = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as SendOptions;
const url = new URL(options.url);
const requests = compose();
const statuses: Record<string, number> = {};
const took: number[] = [];
const sent_at: number[] = [];

const sockets = await Promise.all(Array.from({ length: options.in_flight }, open));
process.stdout.write('ready\n');
await once(process.stdin, 'data');
const cpu = process.cpuUsage();
const began = performance.now();
let next = 0;
await Promise.all(sockets.map(work));
const seconds = (performance.now() - began) / 1000;
for (const socket of sockets) socket.destroy();
process.stdin.destroy();
const { user, system } = process.cpuUsage(cpu);
took.sort((a, b) => a - b);
const at = (share: number): number => Math.round(took[Math.floor(took.length * share)]! * 10) / 10;
const result: SendResult = {
  sent: requests.length,
  statuses,
  seconds,
  p50_ms: at(0.5),
  p99_ms: at(0.99),
  max_ms: Math.round(took.at(-1)!),
  cpu_s: (user + system) / 1e6,
  sent_at,
};
process.stdout.write(`${JSON.stringify(result)}\n`);

function compose(): Buffer[] {
  const now = Math.floor(Date.now() / 1000);
  const lines = readFileSync(options.events_file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => {
    const body = JSON.parse(line) as string;
    const mac = createHmac('sha256', options.secret).update(`${now}.${body}`).digest('hex');
    return Buffer.from(
      `POST ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\nContent-Type: application/json; charset=utf-8\r\n` +
        `Accept: */*; q=0.5, application/xml\r\nUser-Agent: Stripe/1.0 (+https://stripe.com/docs/webhooks)\r\n` +
        `Stripe-Signature: t=${now},v1=${mac}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  });
}

async function open(): Promise<Socket> {
  const socket = connect(Number(url.port), url.hostname);
  socket.setNoDelay(true);
  await once(socket, 'connect');
  return socket;
}

async function work(socket: Socket): Promise<void> {
  while (next < requests.length) {
    const index = next;
    next += 1;
    if (options.rate !== null) {
      const wait = (index / options.rate) * 1000 - (performance.now() - began);
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    }
    const start = performance.now();
    sent_at[index] = Date.now();
    socket.write(requests[index]!);
    const status = await answerOn(socket);
    took.push(performance.now() - start);
    statuses[status] = (statuses[status] ?? 0) + 1;
  }
}

/** Reads one answer to its end; the status. */
function answerOn(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const onData = (chunk: Buffer): void => {
      text += chunk.toString('latin1');
      const head = text.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
      if (text.length < head + 4 + length) return;
      socket.off('data', onData);
      socket.off('close', onClose);
      resolve(text.slice(9, 12));
    };
    const onClose = (): void => reject(new Error('the connection was closed'));
    socket.on('data', onData);
    socket.once('close', onClose);
  });
}
