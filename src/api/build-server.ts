import cookie from '@fastify/cookie';
import rateLimit from '@fastify/rate-limit';
import fastify, { LogController } from 'fastify';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { newId } from '../platform/index.ts';
import type { Bus, Context } from '../platform/index.ts';
import { answerError } from './errors.ts';
import { addGuard } from './guard.ts';
import { addInstruments } from './instruments.ts';
import type { Observe } from './instruments.ts';
import { createNoticeHub } from './notice-hub.ts';
import type { NoticeHub } from './notice-hub.ts';
import { addOpenApi } from './openapi.ts';
import { addPage } from './page.ts';
import { addAudiences } from './routes/audiences.ts';
import { addDashboards } from './routes/dashboards.ts';
import { addEmails } from './routes/emails.ts';
import { addOutbox } from './routes/outbox.ts';
import { addPeople } from './routes/people.ts';
import { addPing } from './routes/ping.ts';
import { addPlaybooks } from './routes/playbooks.ts';
import { addProbe } from './routes/probe.ts';
import { addSearch } from './routes/search.ts';
import { addSession } from './routes/session.ts';
import { addSettings } from './routes/settings.ts';
import { addSourceActions } from './routes/source-actions.ts';
import { addSources } from './routes/sources.ts';
import { addStream } from './routes/stream.ts';
import { addTemplates } from './routes/templates.ts';
import { addUnsubscribe } from './routes/unsubscribe.ts';
import { createServerWithWebhooks } from './routes/webhooks.ts';
import { addSecurityHeaders } from './security-headers.ts';
import { compileValidator } from './validation.ts';
import type { Api } from './wire.ts';

export interface ServerDeps {
  bus: Bus;
  demo: boolean;
  /** Folder of the built page. */
  web_root: string;
}

const BODY_LIMIT = 1_048_576;
/** Longer than proxies keep theirs, so that it is never we who close a connection in use. */
const KEEP_ALIVE_MS = 72_000;

/** The whole HTTP face, ready to listen. Closing it ends open streams first. */
export async function buildServer(ctx: Context, deps: ServerDeps): Promise<FastifyInstance> {
  let observe: Observe = () => undefined;
  const app: Api = fastify({
    serverFactory: (handler) => {
      const server = createServerWithWebhooks(ctx, handler, (answered) => observe(answered));
      server.keepAliveTimeout = KEEP_ALIVE_MS;
      return server;
    },
    loggerInstance: ctx.log as FastifyBaseLogger,
    // Addresses hold tokens, so requests are logged by their pattern, in instruments.ts.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => newId('req'),
    bodyLimit: BODY_LIMIT,
    // A proxy on this machine tells who asks; nobody else is believed.
    trustProxy: 'loopback',
    forceCloseConnections: 'idle',
  });
  app.setValidatorCompiler(compileValidator);
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.setErrorHandler(answerError);
  app.removeContentTypeParser('text/plain');
  const hub = createNoticeHub();
  const unsubscribe = deps.bus.subscribe((notice) => hub.publish(notice));
  app.addHook('onClose', async () => {
    unsubscribe();
    hub.close();
  });

  await addSecurityHeaders(app, ctx);
  await app.register(cookie);
  await app.register(rateLimit, { global: false });
  await addOpenApi(app);
  observe = addInstruments(app, ctx);
  await app.register(async (api: Api) => addApi(api, ctx, deps, hub), { prefix: '/api' });
  addPing(app, ctx);
  await addUnsubscribe(app, ctx);
  await addPage(app, deps.web_root);
  return app as unknown as FastifyInstance;
}

function addApi(api: Api, ctx: Context, deps: ServerDeps, hub: NoticeHub): void {
  addGuard(api, ctx);
  api.addHook('onSend', async (_request, reply) => {
    if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store');
  });
  addSession(api, ctx, deps);
  addStream(api, ctx, hub);
  addSources(api, ctx);
  addSourceActions(api, ctx);
  addProbe(api, ctx);
  addPeople(api, ctx);
  addDashboards(api, ctx);
  addAudiences(api, ctx);
  addEmails(api, ctx);
  addPlaybooks(api, ctx);
  addOutbox(api, ctx);
  addTemplates(api, ctx);
  addSearch(api, ctx);
  addSettings(api, ctx);
  api.get('/openapi.json', { config: { public: true }, schema: { hide: true } }, async () =>
    api.swagger(),
  );
}
