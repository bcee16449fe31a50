import type { Command } from 'commander';
import { AppError } from '../platform/index.ts';
import { checkSource, listSources } from '../stripe/index.ts';
import { print, withApp } from './app.ts';
import type { Opener } from './app.ts';

export function addCheck(program: Command, opener: Opener): void {
  program
    .command('check')
    .description(
      'compare a sample with Stripe and repair what differs; exits with 1 when something did',
    )
    .option('--json', 'print the findings as JSON')
    .action(async (options: { json?: boolean }) => {
      await withApp(opener, async ({ ctx }) => {
        const sources = await listSources(ctx);
        if (sources.length === 0) {
          throw new AppError(
            'no_source',
            'No Stripe account is connected. Run "headwater connect".',
          );
        }
        for (const source of sources) {
          const check = await checkSource(ctx, source.id);
          print(options.json ? JSON.stringify(check) : `${source.name}: ${check.sentence}`);
          if (check.missing + check.extra + check.different > 0) process.exitCode = 1;
        }
      });
    });
}
