import type { Command } from 'commander';
import { createLog } from '../platform/index.ts';
import { WEB_ROOT, ensurePage } from './build-page.ts';

export function addBuild(program: Command): void {
  program
    .command('build')
    .description('build the page, when it is older than its sources')
    .action(async () => await ensurePage(WEB_ROOT, createLog('warn')));
}
