import type { FastifyReply, FastifyRequest } from 'fastify';
import { timingSafeEqual } from 'node:crypto';
import { findSession } from '../access/index.ts';
import type { OpenedSession, Session } from '../access/index.ts';
import { AppError } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import type { Api } from './wire.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is signed in; null on public routes without a session. */
    session: Session | null;
  }
  interface FastifyContextConfig {
    /** Answers without a session. Everything else under /api needs one. */
    public?: boolean;
  }
}

/** Cookies do not know ports, so a second installation on this host needs a name of its own. */
function cookieName(ctx: Context): string {
  const { port } = ctx.config;
  return port === 4321 ? 'headwater_session' : `headwater_session_${port}`;
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/;

/** Guards every route registered on `api` after this: origin, session, CSRF token. */
export function addGuard(api: Api, ctx: Context): void {
  api.decorateRequest('session', null);
  api.addHook('onRequest', async (request) => {
    const changes = !SAFE.has(request.method);
    if (changes) checkOrigin(ctx, request);
    const token = tokenOf(ctx, request);
    request.session = token ? await findSession(ctx, token) : null;
    if (request.is404 || request.routeOptions.config.public) return;
    if (!request.session) {
      throw new AppError('signed_out', 'You are signed out. Sign in to go on.');
    }
    if (changes) checkCsrfToken(request, request.session);
  });
}

/** The signed-in user's id, for the audit log. */
export function userIdOf(request: FastifyRequest): string | null {
  return request.session?.user.id ?? null;
}

export function tokenOf(ctx: Context, request: FastifyRequest): string | null {
  return request.cookies[cookieName(ctx)] ?? null;
}

export function setSessionCookie(ctx: Context, reply: FastifyReply, session: OpenedSession): void {
  void reply.setCookie(cookieName(ctx), session.session_token, {
    ...cookieOptions(ctx),
    maxAge: Math.floor((session.expires_at.getTime() - ctx.clock.now().getTime()) / 1_000),
  });
}

export function clearSessionCookie(ctx: Context, reply: FastifyReply): void {
  void reply.clearCookie(cookieName(ctx), cookieOptions(ctx));
}

function cookieOptions(ctx: Context) {
  const secure = ctx.config.public_url.startsWith('https:');
  return { path: '/', httpOnly: true, sameSite: 'lax' as const, secure };
}

/**
 * A browser names the page a change comes from; it must be ours: the public address, or loopback
 * under whatever name. Programs that are not browsers send no Origin and no cookies of others.
 */
function checkOrigin(ctx: Context, request: FastifyRequest): void {
  const { origin, host = '' } = request.headers;
  if (origin === undefined || origin === new URL(ctx.config.public_url).origin) return;
  if (LOOPBACK.test(host) && origin === `http://${host}`) return;
  throw new AppError(
    'wrong_origin',
    `Headwater takes changes only from its own page. Open it at ${ctx.config.public_url}, or set HEADWATER_PUBLIC_URL to the address you use.`,
  );
}

function checkCsrfToken(request: FastifyRequest, session: Session): void {
  const given = Buffer.from(String(request.headers['x-csrf-token'] ?? ''));
  const expected = Buffer.from(session.csrf_token);
  if (given.length === expected.length && timingSafeEqual(given, expected)) return;
  throw new AppError('csrf', 'This page is out of date. Reload it and try again.');
}
