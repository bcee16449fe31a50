import type { FastifyRequest } from 'fastify';
import { Session, SetupBody, SignInBody } from '../contract/session.ts';
import { getSettings, needsSetup, setUp, signIn, signOut } from '../../access/index.ts';
import type { Session as OpenSession } from '../../access/index.ts';
import { AppError } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';
import { clearSessionCookie, setSessionCookie, tokenOf } from '../guard.ts';
import type { Api } from '../wire.ts';

const tags = ['session'];
const answer = { 200: Session };
const PER_ADDRESS = { max: 30, timeWindow: '5 minutes' };
const PER_EMAIL = { max: 10, timeWindow: '15 minutes' };

/** Sign-in, sign-out and the first run. */
export function addSession(api: Api, ctx: Context, options: { demo: boolean }): void {
  const describe = async (session: OpenSession | null) => ({
    user: session?.user ?? null,
    setup_needed: session === null && (await needsSetup(ctx)),
    csrf_token: session?.csrf_token ?? null,
    workspace: await getSettings(ctx),
    demo: options.demo,
  });
  // Counts failures only, so that signing in often is never refused.
  const failures = api.createRateLimit({
    ...PER_EMAIL,
    // With the address, so that nobody can lock somebody else out; guesses from many addresses meet the slow hash.
    keyGenerator: (request) => `email ${emailOf(request)} from ${request.ip}`,
  });

  api.get(
    '/session',
    { config: { public: true }, schema: { summary: 'Who is signed in', tags, response: answer } },
    async (request) => await describe(request.session),
  );
  api.post(
    '/setup',
    {
      config: { public: true, rateLimit: PER_ADDRESS },
      schema: { summary: 'Make the first user', tags, body: SetupBody, response: answer },
    },
    async (request, reply) => {
      const session = await setUp(ctx, request.body);
      setSessionCookie(ctx, reply, session);
      return await describe(session);
    },
  );
  api.post(
    '/session',
    {
      config: { public: true, rateLimit: PER_ADDRESS },
      schema: { summary: 'Sign in', tags, body: SignInBody, response: answer },
    },
    async (request, reply) => {
      const before = await failures(request, { increment: false });
      if (!before.isAllowed && before.remaining === 0) throw tooMany();
      const session = await signIn(ctx, { ...request.body, previous_token: tokenOf(ctx, request) });
      if ('code' in session) {
        await failures(request);
        throw new AppError(session.code, session.sentence);
      }
      setSessionCookie(ctx, reply, session);
      return await describe(session);
    },
  );
  api.delete(
    '/session',
    { schema: { summary: 'Sign out', tags, response: answer } },
    async (request, reply) => {
      await signOut(ctx, tokenOf(ctx, request) ?? '');
      clearSessionCookie(ctx, reply);
      return await describe(null);
    },
  );
}

function emailOf(request: FastifyRequest): string {
  const { email } = (request.body ?? {}) as { email?: unknown };
  return String(email).trim().toLowerCase();
}

function tooMany(): AppError {
  return new AppError(
    'too_many_requests',
    'Too many tries for this address. Wait 15 minutes, then try again.',
  );
}
