import { findSession } from '../../access/index.ts';
import type { Context } from '../../platform/index.ts';
import { tokenOf } from '../guard.ts';
import type { NoticeHub } from '../notice-hub.ts';
import type { Api } from '../wire.ts';

const HEARTBEAT_MS = 15_000;

/** GET /api/stream: server-sent events, one unnamed message a notice, a comment every 15 seconds. */
export function addStream(api: Api, ctx: Context, hub: NoticeHub): void {
  const open = new Set<() => void>();
  api.addHook('preClose', async () => {
    for (const end of open) end();
  });
  const schema = {
    summary: 'Notices of what changed, as server-sent events (see StreamNotice)',
    tags: ['session'],
    produces: ['text/event-stream'],
  };
  api.get('/stream', { schema }, (request, reply) => {
    const token = tokenOf(ctx, request) ?? '';
    for (const [name, value] of Object.entries(reply.getHeaders())) {
      if (value !== undefined) reply.raw.setHeader(name, value);
    }
    reply.hijack();
    // Once ended, the connection must not linger as an idle one: that would hold up a stop for a minute.
    reply.raw.shouldKeepAlive = false;
    reply.raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    reply.raw.write('retry: 2000\n: open\n\n');
    const unsubscribe = hub.subscribe((notice) =>
      reply.raw.write(`data: ${JSON.stringify(notice)}\n\n`),
    );
    const end = (): void => {
      open.delete(end);
      clearInterval(heartbeat);
      unsubscribe();
      reply.raw.end();
    };
    // Whoever signed out elsewhere hears nothing more.
    const beat = async (): Promise<void> => {
      const session = await findSession(ctx, token).catch(() => null);
      if (session) reply.raw.write(': still here\n\n');
      else end();
    };
    const heartbeat = setInterval(() => void beat(), HEARTBEAT_MS);
    open.add(end);
    reply.raw.on('close', end);
    // Whoever left while the session was looked up has closed already.
    if (request.raw.socket.destroyed) end();
  });
}
