import { Type } from 'typebox';
import type { Context } from '../../platform/index.ts';
import { answerPing } from '../../stripe/index.ts';
import type { Api } from '../wire.ts';

/** GET /webhooks/ping: how this installation recognises itself under its public address. Tells nothing else. */
export function addPing(app: Api, ctx: Context): void {
  const querystring = Type.Object({ nonce: Type.String({ pattern: '^[\\w-]{16,64}$' }) });
  app.get('/webhooks/ping', { schema: { hide: true, querystring } }, async (request, reply) => {
    void reply.header('cache-control', 'no-store');
    return answerPing(ctx, request.query.nonce);
  });
}
