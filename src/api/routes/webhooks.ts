import { receiveWebhook } from '../../stripe/index.ts';
import type { ReceiveCode } from '../../stripe/index.ts';
import type { Context } from '../../platform/index.ts';
import type { Api } from '../wire.ts';

interface Delivery {
  Params: { path: string };
  Body: Buffer | undefined;
}

const BODY_LIMIT = 5 * 1_048_576;

/** Stripe repeats whatever is not answered with 2xx, so only what it should repeat gets another status. */
const STATUS: Record<ReceiveCode, number> = {
  stored: 200,
  duplicate: 200,
  ignored: 200,
  bad_signature: 400,
  malformed: 400,
  other_account: 400,
  unknown_source: 404,
};

/** POST /webhooks/stripe/:path. The signature is over the exact bytes, so the body is not parsed here. */
export async function addWebhooks(app: Api, ctx: Context): Promise<void> {
  await app.register(async (hooks: Api) => {
    hooks.removeAllContentTypeParsers();
    hooks.addContentTypeParser(
      '*',
      { parseAs: 'buffer', bodyLimit: BODY_LIMIT },
      (_request, body, done) => done(null, body),
    );
    const options = { bodyLimit: BODY_LIMIT, schema: { hide: true } };
    hooks.post<Delivery>('/webhooks/stripe/:path', options, async (request, reply) => {
      const signature = request.headers['stripe-signature'];
      const { code } = await receiveWebhook(ctx, {
        webhook_path: request.params.path,
        raw_body: request.body ?? Buffer.alloc(0),
        signature: typeof signature === 'string' ? signature : undefined,
        // The age of a signature is measured by the wall clock.
        received_at: new Date(),
      });
      return await reply.code(STATUS[code]).send({ code });
    });
  });
}
