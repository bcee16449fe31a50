import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { issueSetupToken } from '../access/index.ts';
import { ADA, startTestApi } from './fixtures/client.ts';
import type { TestServer } from './fixtures/client.ts';
import type { Session } from './contract/session.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestApi({ user: false });
});
afterAll(async () => await server.close());

const post = async (url: string, payload: object, headers: Record<string, string> = {}) =>
  await server.app.inject({ method: 'POST', url, payload, headers });

describe('first run and sign-in', () => {
  test('the set-up token works once and signs the owner in', async () => {
    const before = await server.call<Session>('GET', '/api/session');
    expect(before.body).toMatchObject({ user: null, setup_needed: true, csrf_token: null });
    const token = await issueSetupToken(server.ctx);
    const wrong = await post('/api/setup', { ...ADA, token: 'wrong' });
    expect([wrong.statusCode, wrong.json().code]).toEqual([403, 'bad_setup_token']);
    const right = await post('/api/setup', { ...ADA, token });
    expect(right.json()).toMatchObject({ user: { email: ADA.email, role: 'owner' } });
    const again = await post('/api/setup', { ...ADA, token, email: 'eve@example.com' });
    expect([again.statusCode, again.json().code]).toEqual([409, 'already_set_up']);
    expect((await server.call<Session>('GET', '/api/session')).body.setup_needed).toBe(false);
  });

  test('the cookie is out of reach for scripts and other sites', async () => {
    const answer = await post('/api/session', ADA);
    expect(answer.headers['set-cookie']).toMatch(
      /^headwater_session=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    expect(answer.headers['cache-control']).toBe('no-store');
    await server.signIn();
    const session = await server.call<Session>('GET', '/api/session');
    expect(session.body).toMatchObject({ user: { name: ADA.name }, csrf_token: server.csrf() });
  });

  test('a wrong password and an unknown address get the same answer', async () => {
    const wrong = await post('/api/session', { ...ADA, password: 'no' });
    const unknown = await post('/api/session', { ...ADA, email: 'who@example.com' });
    expect(wrong.statusCode).toBe(401);
    expect([unknown.statusCode, unknown.json()]).toEqual([401, wrong.json()]);
  });

  test('signing in ends the session the browser came with', async () => {
    await server.signIn();
    const old = server.cookie();
    const answer = await post('/api/session', ADA, { cookie: old });
    expect(answer.statusCode).toBe(200);
    const probe = await server.app.inject({ url: '/api/settings', headers: { cookie: old } });
    expect(probe.statusCode).toBe(401);
  });

  test('a session ends by signing out and after 30 days', async () => {
    await server.signIn();
    const out = await server.call<Session>('DELETE', '/api/session');
    expect(out.body.user).toBeNull();
    expect(String(out.headers['set-cookie'])).toMatch(/^headwater_session=;/);
    expect((await server.call('GET', '/api/settings')).status).toBe(401);
    await server.signIn();
    server.ctx.clock.advance(30 * 86_400_000);
    const expired = await server.call('GET', '/api/settings');
    expect([expired.status, expired.body.code]).toEqual([401, 'signed_out']);
    await server.signIn();
    expect((await server.call('GET', '/api/settings')).status).toBe(200);
  });
});

describe('changes from elsewhere', () => {
  const put = async (headers: Record<string, string>) =>
    await server.app.inject({
      method: 'PUT',
      url: '/api/settings',
      payload: { workspace_name: 'Acme' },
      headers: { cookie: server.cookie(), ...headers },
    });

  test('a change without the right token is refused', async () => {
    await server.signIn();
    for (const headers of [{}, { 'x-csrf-token': 'x' }, { 'x-csrf-token': 'x'.repeat(43) }]) {
      const answer = await put(headers as Record<string, string>);
      expect([answer.statusCode, answer.json().code]).toEqual([403, 'csrf']);
    }
    expect((await put({ 'x-csrf-token': server.csrf() })).statusCode).toBe(200);
  });

  test('a change from another origin is refused, signing in too', async () => {
    const headers = { 'x-csrf-token': server.csrf() };
    const evil = await put({ ...headers, origin: 'https://evil.example' });
    expect([evil.statusCode, evil.json().code]).toEqual([403, 'wrong_origin']);
    expect((await put({ ...headers, origin: 'null' })).statusCode).toBe(403);
    const rebound = { origin: 'http://evil.example', host: 'evil.example' };
    expect((await put({ ...headers, ...rebound })).statusCode).toBe(403);
    const own = new URL(server.ctx.config.public_url).origin;
    expect((await put({ ...headers, origin: own })).statusCode).toBe(200);
    const loopback = { origin: 'http://localhost:4321', host: 'localhost:4321' };
    expect((await put({ ...headers, ...loopback })).statusCode).toBe(200);
    const signIn = await post('/api/session', ADA, { origin: 'https://evil.example' });
    expect(signIn.statusCode).toBe(403);
  });

  test('only JSON is taken, of the right shape and size', async () => {
    const form = await server.app.inject({
      method: 'POST',
      url: '/api/session',
      payload: 'email=a&password=b',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect([form.statusCode, form.json().code]).toEqual([415, 'not_json']);
    const text = await server.app.inject({
      method: 'POST',
      url: '/api/session',
      payload: JSON.stringify(ADA),
      headers: { 'content-type': 'text/plain' },
    });
    expect(text.statusCode).toBe(415);
    const shape = await post('/api/session', { email: 'a@b.c' });
    expect([shape.statusCode, shape.json()]).toMatchObject([
      400,
      { code: 'bad_request', detail: { fields: [{ field: 'password' }] } },
    ]);
    const broken = await server.app.inject({
      method: 'POST',
      url: '/api/session',
      payload: '{',
      headers: { 'content-type': 'application/json' },
    });
    expect([broken.statusCode, broken.json().code]).toEqual([400, 'bad_request']);
    const large = await post('/api/session', { ...ADA, name: 'x'.repeat(1_100_000) });
    expect([large.statusCode, large.json().code]).toEqual([413, 'body_too_large']);
  });
});

describe('sign-in rate limit', () => {
  test('ten wrong passwords stop the eleventh from there, and lock nobody out elsewhere', async () => {
    const own = await startTestApi();
    try {
      const attempt = async (n: number, password = 'wrong') =>
        await own.app.inject({
          method: 'POST',
          url: '/api/session',
          payload: { email: ADA.email, password },
          headers: { 'x-forwarded-for': `203.0.113.${n}` },
        });
      for (let n = 0; n < 10; n++) expect((await attempt(7)).statusCode).toBe(401);
      const stopped = await attempt(7, ADA.password);
      expect([stopped.statusCode, stopped.json().code]).toEqual([429, 'too_many_requests']);
      expect((await attempt(8, ADA.password)).statusCode).toBe(200);
    } finally {
      await own.close();
    }
  });

  test('thirty tries from one place stop the next, whatever the address', async () => {
    const own = await startTestApi({ user: false });
    try {
      const attempt = async (n: number) =>
        await own.app.inject({
          method: 'POST',
          url: '/api/setup',
          payload: { ...ADA, token: `guess-${n}` },
        });
      for (let n = 0; n < 30; n++) expect((await attempt(n)).statusCode).toBe(403);
      const stopped = await attempt(31);
      expect([stopped.statusCode, stopped.json().code]).toEqual([429, 'too_many_requests']);
    } finally {
      await own.close();
    }
  });
});
