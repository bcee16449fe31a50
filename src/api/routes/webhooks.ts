import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { receiveWebhook } from '../../stripe/index.ts';
import type { ReceiveCode } from '../../stripe/index.ts';
import type { Context } from '../../platform/index.ts';
import type { Observe } from '../instruments.ts';

const PREFIX = '/webhooks/stripe/';
const BODY_LIMIT = 5 * 1_048_576;

/** Stripe repeats whatever is not answered with 2xx, so only what it should repeat gets another status. */
const STATUS: Record<ReceiveCode | 'failed' | 'too_large', number> = {
  stored: 200,
  duplicate: 200,
  ignored: 200,
  bad_signature: 400,
  malformed: 400,
  other_account: 400,
  unknown_source: 404,
  too_large: 413,
  failed: 500,
};

/** Shown in Stripe's list of deliveries to whoever wonders. */
const TOO_LARGE = JSON.stringify({
  code: 'too_large',
  message:
    'The delivery is larger than 5 MB. Nothing of it was kept; events of Stripe are smaller.',
});

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * The HTTP server, with a door of its own for POST /webhooks/stripe/:path; everything else goes to
 * `handler`. A delivery has no cookie, no session and no reader who would need security headers, and
 * the framework's way through all of these costs more than checking and keeping the event.
 */
export function createServerWithWebhooks(ctx: Context, handler: Handler, observe: Observe): Server {
  const server = createServer((request, response) => {
    const { url = '', method } = request;
    if (method !== 'POST' || !url.startsWith(PREFIX)) return handler(request, response);
    const began = performance.now();
    response.once('close', () =>
      observe({
        method,
        route: `${PREFIX}:path`,
        status: response.statusCode,
        ms: performance.now() - began,
      }),
    );
    // A server that is closing must not be held open by whoever keeps sending.
    if (!server.listening) response.setHeader('connection', 'close');
    void takeDelivery(ctx, request, response);
  });
  return server;
}

async function takeDelivery(
  ctx: Context,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let code: keyof typeof STATUS;
  try {
    const raw_body = await readBody(request);
    code = raw_body === null ? 'too_large' : (await receive(ctx, request, raw_body)).code;
  } catch (error) {
    // Stripe comes again. A connection that broke while the body came in is nobody's failure.
    if (request.destroyed && !request.complete) return;
    ctx.log.error({ err: error }, 'a delivery could not be kept');
    code = 'failed';
  }
  const body = code === 'too_large' ? TOO_LARGE : `{"code":"${code}"}`;
  response.writeHead(STATUS[code], {
    'content-type': 'application/json; charset=utf-8',
    'content-length': body.length,
  });
  response.end(body);
}

async function receive(ctx: Context, request: IncomingMessage, raw_body: Buffer) {
  const signature = request.headers['stripe-signature'];
  const [webhook_path = ''] = request.url!.slice(PREFIX.length).split('?');
  return await receiveWebhook(ctx, {
    webhook_path,
    raw_body,
    signature: typeof signature === 'string' ? signature : undefined,
    // The age of a signature is measured by the wall clock.
    received_at: new Date(),
  });
}

/** The exact bytes, over which the signature is; null when there are too many. */
function readBody(request: IncomingMessage): Promise<Buffer | null> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= BODY_LIMIT) chunks.push(chunk);
      // Listened to until its end, since who still speaks hears no answer; but nothing of it is kept.
      else chunks.length = 0;
    });
    request.once('end', () => {
      if (length > BODY_LIMIT) resolve(null);
      else resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks));
    });
    request.once('error', reject);
    request.once('close', () => reject(new Error('the connection was closed')));
  });
}
