import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unsubscribeToken } from '../messages/index.ts';
import { sql } from '../platform/index.ts';
import { startTestApi } from './fixtures/client.ts';
import type { TestServer } from './fixtures/client.ts';

let server: TestServer;
let root: string;
beforeAll(async () => {
  root = mkdtempSync(path.join(os.tmpdir(), 'headwater-page-'));
  mkdirSync(path.join(root, 'assets'));
  writeFileSync(path.join(root, 'index.html'), '<!doctype html><title>Page</title>');
  writeFileSync(path.join(root, 'assets', 'main-abc123.js'), 'export {};');
  server = await startTestApi({ web_root: root });
  await server.signIn();
});
afterAll(async () => {
  await server.close();
  rmSync(root, { recursive: true });
});

const get = async (url: string, headers: Record<string, string> = {}) =>
  await server.app.inject({ url, headers });

interface Document {
  openapi: string;
  paths: Record<string, Record<string, OperationObject>>;
}
interface OperationObject {
  summary?: string;
  security?: unknown[];
  parameters?: { name: string; in: string }[];
  responses: Record<string, unknown>;
}
const operations = async () => {
  const document = (await get('/api/openapi.json')).json<Document>();
  const all = Object.entries(document.paths).flatMap(([url, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ url, method, operation })),
  );
  return { document, all };
};

describe('the OpenAPI document', () => {
  test('describes every route with a summary, an answer and all of its path parameters', async () => {
    const { document, all } = await operations();
    expect(document.openapi).toMatch(/^3\.1\./);
    expect(all.length).toBeGreaterThan(10);
    for (const { url, method, operation } of all) {
      const where = `${method} ${url}`;
      expect([where, typeof operation.summary]).toEqual([where, 'string']);
      expect([where, ...Object.keys(operation.responses)]).toContain('200');
      const named = [...url.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!);
      const declared = (operation.parameters ?? []).filter((one) => one.in === 'path');
      expect([where, ...declared.map((one) => one.name)]).toEqual([where, ...named]);
    }
    expect(JSON.stringify(document)).not.toContain('$ref');
  });

  test('nothing answers without a session but what is marked public, and that list is short', async () => {
    const { all } = await operations();
    const isOpen = (operation: OperationObject) => operation.security?.length === 0;
    const open = all.filter(({ operation }) => isOpen(operation));
    for (const { url, method } of all.filter(({ operation }) => !isOpen(operation))) {
      const answer = await server.app.inject({
        method: method.toUpperCase() as 'GET',
        url: url.replaceAll(/\{\w+\}/g, '1'),
        ...(method === 'get' ? {} : { payload: {} }),
      });
      expect([url, answer.statusCode, answer.json().code]).toEqual([url, 401, 'signed_out']);
    }
    expect(open.map(({ method, url }) => `${method} ${url}`).toSorted()).toEqual([
      'get /api/session',
      'post /api/session',
      'post /api/setup',
    ]);
  });
});

describe('headers', () => {
  test('a strict policy on the page and on the API, no HSTS over plain http', async () => {
    for (const url of ['/', '/people/7', '/api/session', '/nothing.js']) {
      const { headers } = await get(url);
      const csp = String(headers['content-security-policy']);
      expect(csp).toContain("default-src 'self'");
      expect(csp).toMatch(/script-src 'self'(;|$)/);
      expect(csp).toContain("frame-ancestors 'none'");
      expect(csp).toContain("object-src 'none'");
      expect(csp).not.toContain('upgrade-insecure');
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['x-frame-options']).toBe('DENY');
      expect(headers['referrer-policy']).toBe('same-origin');
      expect(headers['strict-transport-security']).toBeUndefined();
      expect(headers['x-powered-by']).toBeUndefined();
    }
  });

  test('https adds HSTS and the Secure flag of the cookie', async () => {
    const secure = await startTestApi({ config: { public_url: 'https://water.example' } });
    try {
      await secure.signIn();
      const answer = await secure.call('DELETE', '/api/session');
      expect(answer.headers['strict-transport-security']).toMatch(/^max-age=31536000/);
      expect(String(answer.headers['set-cookie'])).toContain('; Secure');
    } finally {
      await secure.close();
    }
  });
});

describe('the page', () => {
  test('hashed files are kept for good, the page itself is asked for each time', async () => {
    const asset = await get('/assets/main-abc123.js');
    expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    const deep = await get('/audiences/3');
    expect([deep.statusCode, deep.body]).toEqual([200, '<!doctype html><title>Page</title>']);
    expect(deep.headers['cache-control']).toBe('no-cache');
    expect((await get('/')).body).toBe(deep.body);
  });

  test('what is missing is missing, as JSON, and nothing outside the folder is served', async () => {
    for (const url of ['/assets/gone.js', '/api/nothing', '/webhooks/nothing']) {
      const answer = await get(url);
      expect([url, answer.statusCode, answer.json().code]).toEqual([url, 404, 'not_found']);
    }
    expect((await get('/..%2f..%2fetc%2fpasswd')).body).not.toContain('root:');
  });
});

describe('the contract check of these tests', () => {
  test('fails for an answer that lacks a field or has one too many', async () => {
    const { db } = server.ctx;
    await sql`insert into settings values ('workspace_name', '7')`.execute(db);
    await expect(server.call('GET', '/api/settings')).rejects.toThrow(/workspace_name/);
    await sql`delete from settings where key = 'workspace_name'`.execute(db);
    await sql`insert into audit_log (at, action, detail) values (now(), 'x', '[1]')`.execute(db);
    await expect(server.call('GET', '/api/audit')).rejects.toThrow(/detail/);
    await sql`delete from audit_log where action = 'x'`.execute(db);
    await expect(server.call('GET', '/api/audit')).resolves.toMatchObject({ status: 200 });
  });
});

describe('errors', () => {
  test('an unexpected failure tells a number to look for and nothing else', async () => {
    const broken = await startTestApi();
    try {
      await broken.signIn();
      await sql`alter table audiences rename to hidden`.execute(broken.ctx.db);
      const answer = await broken.call('GET', '/api/audiences');
      expect(answer.status).toBe(500);
      expect(answer.body).toMatchObject({ code: 'internal', detail: { request_id: /^req_/ } });
      expect(answer.text).not.toMatch(/relation|select|audiences/);
    } finally {
      await broken.close();
    }
  });

  test('a wrong path or query says which part is wrong', async () => {
    const path = await server.call('GET', '/api/audiences/none');
    expect([path.status, path.body]).toMatchObject([
      400,
      { code: 'bad_request', detail: { fields: [{ field: 'id' }] } },
    ]);
    const query = await server.call('GET', '/api/outbox?limit=0');
    expect(query.body).toMatchObject({ detail: { fields: [{ field: 'limit' }] } });
    expect((await server.call('GET', '/api/audiences/999')).status).toBe(404);
  });
});

describe('instruments', () => {
  test('healthz asks the database; metrics count requests by pattern and what waits', async () => {
    expect((await get('/healthz')).json()).toEqual({ ok: true });
    await server.call('GET', '/api/outbox/secret-id');
    const { body } = await get('/metrics');
    expect(body).toContain(
      'headwater_http_request_seconds_count{method="GET",route="/api/outbox/:id"',
    );
    expect(body).toContain('headwater_waiting{kind="marks"} 0');
    expect(body).not.toContain('secret-id');
    const outside = await get('/metrics', { 'x-forwarded-for': '203.0.113.9' });
    expect(outside.statusCode).toBe(403);
  });
});

describe('the unsubscribe page', () => {
  const consent = async () =>
    (
      await sql<{ state: string; how: string }>`select state, how from consents`.execute(
        server.ctx.db,
      )
    ).rows;

  test('looking changes nothing, the button does, and a mail program may post by itself', async () => {
    const { ctx } = server;
    await sql`insert into people (person_id, email, name, created_at, updated_at)
      values (1, 'kim@example.com', 'Kim <b>', ${ctx.clock.now()}, ${ctx.clock.now()})`.execute(
      ctx.db,
    );
    const url = `/unsubscribe/${unsubscribeToken(ctx, 1)}`;
    const page = await get(url);
    expect(page.headers['content-type']).toContain('text/html');
    expect(page.body).toContain('<form method="post">');
    expect(page.body).not.toContain('kim@');
    expect(await consent()).toEqual([]);
    const post = async (payload: string, type = 'application/x-www-form-urlencoded') =>
      await server.app.inject({
        method: 'POST',
        url,
        payload,
        headers: { 'content-type': type, origin: 'null' },
      });
    expect((await post('List-Unsubscribe=One-Click')).statusCode).toBe(200);
    expect(await consent()).toEqual([{ state: 'unsubscribed', how: 'one_click' }]);
    expect((await post('choice=subscribe')).body).toContain('Unsubscribe');
    expect(await consent()).toMatchObject([{ state: 'subscribed' }]);
    await post('--x\r\nList-Unsubscribe=One-Click', 'multipart/form-data; boundary=x');
    expect(await consent()).toMatchObject([{ state: 'unsubscribed' }]);
  });

  test('a link that is not whole does nothing and says so', async () => {
    for (const token of ['1.forged', 'preview', '%3Cscript%3E']) {
      const page = await get(`/unsubscribe/${token}`);
      expect(page.statusCode).toBe(404);
      expect(page.body).not.toMatch(/<form|<script/);
    }
  });
});
