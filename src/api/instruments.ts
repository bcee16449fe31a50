import { BlockList } from 'node:net';
import { Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { AppError } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { countBacklog, ping } from './queries.ts';
import type { Api } from './wire.ts';

/** Notes one answered request. */
export type Observe = (answered: {
  method: string;
  route: string;
  status: number;
  ms: number;
}) => void;

/** GET /healthz and GET /metrics, and the timing of every request. Answers how to note one that went past the framework. */
export function addInstruments(app: Api, ctx: Context): Observe {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'headwater_http_request_seconds',
    help: 'Duration of HTTP requests by method, route and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  });
  const waiting = new Gauge({
    name: 'headwater_waiting',
    help: 'Rows that wait for work, by kind: events, marks, mails, runs.',
    labelNames: ['kind'],
    registers: [],
    async collect() {
      for (const { kind, n } of await countBacklog(ctx)) this.set({ kind }, n);
    },
  });
  registry.registerMetric(waiting);

  app.addHook('onResponse', async (request, reply) => {
    const { method, id } = request;
    // The pattern, not the address: an address may hold a token or somebody's name.
    const route = request.routeOptions.url ?? 'none';
    const ms = Math.round(reply.elapsedTime);
    requests.observe({ method, route, status: reply.statusCode }, reply.elapsedTime / 1_000);
    ctx.log.debug({ request_id: id, method, route, status: reply.statusCode, ms }, 'request');
  });
  app.get('/healthz', { schema: { hide: true } }, async () => {
    await ping(ctx);
    return { ok: true };
  });
  const near = nearby();
  app.get('/metrics', { schema: { hide: true } }, async (request, reply) => {
    if (!near.check(request.ip, request.ip.includes(':') ? 'ipv6' : 'ipv4')) {
      throw new AppError('not_allowed', 'Metrics are for the private network only.');
    }
    return await reply.type(registry.contentType).send(await registry.metrics());
  });
  return ({ method, route, status, ms }) => requests.observe({ method, route, status }, ms / 1_000);
}

/** Loopback and private networks. */
function nearby(): BlockList {
  const list = new BlockList();
  list.addSubnet('127.0.0.0', 8, 'ipv4');
  list.addSubnet('10.0.0.0', 8, 'ipv4');
  list.addSubnet('172.16.0.0', 12, 'ipv4');
  list.addSubnet('192.168.0.0', 16, 'ipv4');
  list.addAddress('::1', 'ipv6');
  list.addSubnet('fc00::', 7, 'ipv6');
  return list;
}
