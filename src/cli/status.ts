import type { Command } from 'commander';
import { countPeople } from '../people/index.ts';
import type { Context } from '../platform/index.ts';
import { getSyncProgress, listChecks, listSources } from '../stripe/index.ts';
import type { SourceView } from '../stripe/index.ts';
import { print, withApp } from './app.ts';
import type { Opener } from './app.ts';

export function addStatus(program: Command, opener: Opener): void {
  program
    .command('status')
    .description('what is connected and how it is doing')
    .option('--json', 'print JSON')
    .action(async (options: { json?: boolean }) => {
      await withApp(opener, async ({ ctx }) => {
        const status = await readStatus(ctx);
        if (options.json) return print(JSON.stringify(status));
        if (status.sources.length === 0)
          return print('No Stripe account is connected. Run "headwater connect".');
        for (const { source, sync, check } of status.sources) {
          print(`${source.name} (${source.mode} mode): ${source.state}. ${source.sentence}`);
          if (source.next_step) print(`  ${source.next_step}`);
          print(`  ${describeWebhook(source)}`);
          if (check) print(`  ${check.at.toISOString().slice(0, 16)}Z ${check.sentence}`);
          for (const row of sync.resources)
            print(`  ${row.resource.padEnd(20)} ${row.done.toLocaleString('en-US')}  ${row.state}`);
        }
        print(`${status.people.toLocaleString('en-US')} people`);
      });
    });
}

async function readStatus(ctx: Context) {
  const sources = await listSources(ctx);
  return {
    people: await countPeople(ctx),
    sources: await Promise.all(
      sources.map(async (source) => ({
        source,
        sync: await getSyncProgress(ctx, source.id),
        check: (await listChecks(ctx, source.id, 1))[0] ?? null,
      })),
    ),
  };
}

/** `Webhook: 312 deliveries and 0 failures in 24 h, 95 % within 0.8 s. 0 events wait, 0 fail, 0 given up.` */
function describeWebhook({ webhook }: SourceView): string {
  const lag = webhook.lag_p95_ms === null ? '' : `, 95 % within ${webhook.lag_p95_ms / 1000} s`;
  const how =
    webhook.following === 'webhook'
      ? `${webhook.deliveries_24h} deliveries and ${webhook.failures_24h} failures in 24 h${lag}`
      : 'not used; events are asked for';
  return `Webhook: ${how}. ${webhook.events_waiting} events wait, ${webhook.events_failing} fail, ${webhook.events_set_aside} given up.`;
}
