import { afterAll, beforeAll, expect, test } from 'vitest';
import { notify, openBus } from '../platform/index.ts';
import { createTestContext } from '../../test/support/database.ts';
import { issueSetupToken, setUp } from '../access/index.ts';
import { ADA } from './fixtures/client.ts';
import { buildServer } from './index.ts';
import { createNoticeHub } from './notice-hub.ts';
import type { StreamNotice } from './contract/notices.ts';

let close: () => Promise<void>;
let url: string;
let tell: (topic: string, detail?: Record<string, unknown>) => Promise<void>;
let cookie: string;

beforeAll(async () => {
  const ctx = await createTestContext();
  const bus = await openBus(ctx.database_url, ctx.log);
  const app = await buildServer(ctx, { bus, demo: false, web_root: '/nowhere' });
  url = await app.listen({ host: '127.0.0.1', port: 0 });
  const { session_token } = await setUp(ctx, { token: await issueSetupToken(ctx), ...ADA });
  cookie = `headwater_session=${session_token}`;
  tell = async (topic, detail = {}) => await notify(ctx, { topic, ...detail });
  close = async () => {
    await app.close();
    await bus.close();
    await ctx.close();
  };
});
afterAll(async () => await close?.());

/** Reads the stream until `count` notices have come. */
async function listen(count: number, meanwhile: () => Promise<void>): Promise<StreamNotice[]> {
  const response = await fetch(`${url}/api/stream`, { headers: { cookie } });
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  const notices: StreamNotice[] = [];
  let text = (await reader.read()).value ?? '';
  expect(text).toContain(': open');
  await meanwhile();
  while (notices.length < count) {
    const { value, done } = await reader.read();
    if (done) break;
    text += value;
    const found = [...text.matchAll(/^data: (.*)$/gm)].map((match) => match[1]!);
    notices.splice(0, notices.length, ...found.map((line) => JSON.parse(line) as StreamNotice));
  }
  await reader.cancel();
  return notices;
}

test('a notice of the database reaches an open page, without what is not for it', async () => {
  const notices = await listen(2, async () => {
    await tell('secret_topic');
    await tell('sync', { source_id: 3, inner: 'not for the page' });
    await tell('people');
  });
  expect(notices).toEqual([{ topic: 'sync', source_id: 3 }, { topic: 'people' }]);
});

test('without a session there is no stream', async () => {
  const response = await fetch(`${url}/api/stream`);
  expect(response.status).toBe(401);
});

test('a flood becomes at most four a second of each topic, and the last one is never lost', async () => {
  const hub = createNoticeHub();
  const seen: { notice: StreamNotice; at: number }[] = [];
  hub.subscribe((notice) => seen.push({ notice, at: performance.now() }));
  const start = performance.now();
  let sent = 0;
  while (performance.now() - start < 600) {
    hub.publish({ topic: 'sync', source_id: 1 + (sent % 2) });
    sent += 1;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const before = seen.length;
  hub.publish({ topic: 'people' });
  await new Promise((resolve) => setTimeout(resolve, 300));
  hub.close();
  expect(sent).toBeGreaterThan(20);
  expect(before).toBeLessThanOrEqual(3);
  const sync = seen.filter(({ notice }) => notice.topic === 'sync');
  expect(sync[0]!.notice).toEqual({ topic: 'sync', source_id: 1 });
  expect(sync.at(-1)!.notice).toEqual({ topic: 'sync' });
  expect(sync.at(-1)!.at).toBeGreaterThan(start + 600);
  const gaps = sync.slice(1).map(({ at }, n) => at - sync[n]!.at);
  expect(Math.min(...gaps)).toBeGreaterThan(240);
  expect(seen.filter(({ notice }) => notice.topic === 'people')).toHaveLength(1);
});

test('closing the server ends open streams', async () => {
  const response = await fetch(`${url}/api/stream`, { headers: { cookie } });
  const reader = response.body!.getReader();
  await reader.read();
  const started = performance.now();
  await close();
  close = async () => undefined;
  const rest = await reader.read().catch(() => ({ done: true }));
  expect(rest.done).toBe(true);
  expect(performance.now() - started).toBeLessThan(3_000);
});
