import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { listMrr } from '../metrics/index.ts';
import { AppError } from '../platform/index.ts';
import { print, withApp } from './app.ts';
import type { Opener } from './app.ts';

interface MrrOptions {
  from?: string;
  to?: string;
  interval: 'day' | 'month';
  currency?: string;
  json?: boolean;
}

const DAY_MS = 86_400_000;

export function addMetrics(program: Command, opener: Opener): void {
  const metrics = program.command('metrics').description('print metrics');
  metrics
    .command('mrr')
    .description('MRR at the end of each day or month')
    .option('--from <date>', 'first day, YYYY-MM-DD (default: 30 days ago)', parseDay)
    .option('--to <date>', 'last day, YYYY-MM-DD (default: today)', parseDay)
    .addOption(
      new Option('--interval <interval>', 'day or month').choices(['day', 'month']).default('day'),
    )
    .option('--currency <code>', 'only this currency')
    .option('--json', 'print JSON: [{date, currency, mrr_minor}]')
    .action(async (options: MrrOptions) => {
      await withApp(opener, async ({ ctx }) => {
        const now = ctx.clock.now().getTime();
        const to = options.to ?? new Date(now).toISOString().slice(0, 10);
        const from =
          options.from ?? new Date(Date.parse(to) - 30 * DAY_MS).toISOString().slice(0, 10);
        if (from > to)
          throw new AppError('empty_range', `--from ${from} is after --to ${to}. Swap them.`);
        const currency = options.currency?.toLowerCase();
        const rows = await listMrr(ctx, { from, to, interval: options.interval, currency });
        if (options.json) return print(JSON.stringify(rows));
        for (const row of rows) print(`${row.date}  ${row.currency}  ${row.mrr_minor}`);
      });
    });
}

function parseDay(value: string): string {
  const time = Date.parse(`${value}T00:00:00Z`);
  const exact = !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value) || !exact) {
    throw new InvalidArgumentError('Give a day as YYYY-MM-DD, such as 2026-03-01.');
  }
  return value;
}
