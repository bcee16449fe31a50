import type { Command } from 'commander';
import { issueSetupToken, needsSetup } from '../access/index.ts';
import { print } from './app.ts';
import type { Opener } from './app.ts';
import { serve, untilStopped } from './serve.ts';

export function addStart(program: Command, opener: Opener): void {
  program
    .command('start')
    .description('run Headwater: page, API, webhook and worker')
    .action(async () => {
      const stopped = untilStopped();
      const app = await opener.open(opener.config());
      try {
        const serving = await serve(app, { demo: false });
        print(`Headwater is ready at ${app.ctx.config.public_url}`);
        if (await needsSetup(app.ctx)) {
          const token = await issueSetupToken(app.ctx);
          print(
            `First run: open ${app.ctx.config.public_url}/setup and give this one-time token: ${token}`,
          );
        }
        await stopped;
        print('Stopping …');
        await serving.stop();
      } finally {
        await app.close({ owner: true });
      }
    });
}
