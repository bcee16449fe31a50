import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApi } from './fixtures/client.ts';
import type { TestServer } from './fixtures/client.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestApi();
  await server.signIn();
});
afterAll(async () => await server.close());

const cursor = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

test.each([
  '/api/people/2147483648',
  '/api/sources/99999999999',
  '/api/people?audience_id=99999999999',
  '/api/audit?before=99999999999999999999',
  '/api/people?search=%00',
  '/api/search?q=%00',
  '/api/outbox/%00',
  `/api/people?cursor=${cursor(['created', '2020-01-01', 1e300])}`,
  `/api/people?cursor=${cursor(['created', '1', 1])}`,
  `/api/people?cursor=${cursor(['name', '\u0000', 1])}`,
  '/api/people?cursor=nonsense',
])('%s is refused in words, not as a failure of ours', async (url) => {
  const answer = await server.call<{ code: string; message: string }>('GET', url);
  expect(answer.status, JSON.stringify(answer.body)).toBeGreaterThanOrEqual(400);
  expect(answer.status).toBeLessThan(500);
  expect(answer.body.message.length).toBeGreaterThan(10);
});

test('half a character and NUL are refused before they are stored', async () => {
  for (const workspace_name of ['\u0000', '\ud800']) {
    const answer = await server.call('PUT', '/api/settings', { workspace_name });
    expect(answer.status).toBe(400);
  }
});
