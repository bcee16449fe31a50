import { Command } from 'commander';
import type { Opener } from './app.ts';
import { addBuild } from './build.ts';
import { addCheck } from './check.ts';
import { addConnect } from './connect.ts';
import { addDb } from './db.ts';
import { addDemo } from './demo.ts';
import { addDisconnect } from './disconnect.ts';
import { addMetrics } from './metrics.ts';
import { addStart } from './start.ts';
import { addStatus } from './status.ts';
import { addSync } from './sync.ts';

/** The command line: `headwater <command>`. */
export function createProgram(opener: Opener): Command {
  const program = new Command('headwater')
    .description('Customer data platform on top of a Stripe account')
    .showHelpAfterError('Run "headwater --help" for the commands.');
  for (const add of [
    addStart,
    addDemo,
    addConnect,
    addSync,
    addStatus,
    addCheck,
    addDisconnect,
    addDb,
    addMetrics,
    addBuild,
  ]) {
    add(program, opener);
  }
  return program;
}
