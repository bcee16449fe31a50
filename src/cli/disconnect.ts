import type { Command } from 'commander';
import { AppError } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { disconnectSource, listSources } from '../stripe/index.ts';
import type { SourceView } from '../stripe/index.ts';
import { print, withApp } from './app.ts';
import type { Opener } from './app.ts';

export function addDisconnect(program: Command, opener: Opener): void {
  program
    .command('disconnect')
    .description('remove our webhook from Stripe and stop; the data stays')
    .argument('[id]', 'which source, when there are several (see "headwater status --json")')
    .action(async (id: string | undefined) => {
      await withApp(opener, async ({ ctx }) => {
        const source = await choose(ctx, id);
        const { sentence } = await disconnectSource(ctx, source.id);
        print(`${source.name} (${source.mode} mode): ${sentence}`);
      });
    });
}

async function choose(ctx: Context, id: string | undefined): Promise<SourceView> {
  const sources = (await listSources(ctx)).filter(({ state }) => state !== 'disconnected');
  const chosen = id === undefined ? sources : sources.filter((one) => String(one.id) === id);
  const [source] = chosen;
  if (source && chosen.length === 1) return source;
  if (sources.length === 0) throw new AppError('no_source', 'No Stripe account is connected.');
  const names = sources.map((one) => `${one.id} ${one.name} (${one.mode} mode)`).join(', ');
  throw new AppError('which_source', `Say which one by its number: ${names}.`);
}
