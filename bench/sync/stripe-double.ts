// A process of its own that plays Stripe for a bench: an account of exact size, with Stripe's limits
// and a latency, served from lists that are rendered beforehand. Prints one JSON line when it is ready
// and ends when its standard input does. A second port tells the bench what was asked, and the truth.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { startSimulator } from '../../simulator/index.ts';
import { LISTS } from './double.ts';
import type { DoubleReport, DoubleSize } from './double.ts';

await play(JSON.parse(process.argv[2] ?? '') as DoubleSize);

async function play(size: DoubleSize): Promise<void> {
  const simulator = await startSimulator({
    mode: 'live',
    limits: 'live',
    latency_ms: size.latency_ms,
    speed: 0,
    frozen: true,
    bulk: {
      customers: size.customers,
      invoices: size.customers * size.invoices_each,
      canceled_ratio: size.canceled_ratio,
      products: size.products,
      prices: size.prices,
    },
  });
  const form = (list: string): { [name: string]: string } =>
    list === 'subscriptions' ? { status: 'all' } : {};
  const listOf = (list: string) => simulator.frozen!.list(`/v1/${list}`, form(list));
  // Rendered before anybody measures; with what Headwater expands, too.
  const sizes = Object.fromEntries(LISTS.map((list) => [list, listOf(list).size]));
  simulator.frozen!.list('/v1/prices', { expand: { 0: 'data.tiers' } });
  simulator.frozen!.list('/v1/customers', { expand: { 0: 'data.tax_ids' } });
  const truth = http.createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://double');
    if (url.pathname === '/report') {
      const { user, system } = process.cpuUsage();
      const report: DoubleReport = {
        requests: simulator.requests.length,
        rate_limited: simulator.requests.filter((entry) => entry.status === 429).length,
        cpu_s: (user + system) / 1e6,
      };
      response.end(JSON.stringify(report));
      return;
    }
    const at = Number(url.searchParams.get('from'));
    const parts = listOf(url.pathname.slice(1)).slice(at, at + Number(url.searchParams.get('n')));
    response.end(Buffer.concat(parts));
  });
  await new Promise<void>((resolve) => truth.listen(0, '127.0.0.1', resolve));
  const { port } = truth.address() as AddressInfo;
  const key = simulator.keys.create();
  const secret = simulator.keys.create({ kind: 'secret' });
  const ready = { url: simulator.url, truth: `http://127.0.0.1:${port}`, key, secret, sizes };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
  for await (const _chunk of process.stdin) void 0;
  process.exit(0);
}
