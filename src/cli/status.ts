import type { Command } from 'commander';
import { countPeople } from '../people/index.ts';
import type { Context } from '../platform/index.ts';
import { getSyncProgress, listSources } from '../stripe/index.ts';
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
        for (const { source, sync } of status.sources) {
          print(`${source.name} (${source.mode} mode): ${source.state}. ${source.sentence}`);
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
      sources.map(async (source) => ({ source, sync: await getSyncProgress(ctx, source.id) })),
    ),
  };
}
