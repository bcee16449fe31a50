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
        const { public_url: url } = app.ctx.config;
        const lines = [`Headwater is ready at ${url}`];
        if (await needsSetup(app.ctx)) {
          const token = await issueSetupToken(app.ctx);
          lines.push(`First run: open ${url}/setup and give this one-time token: ${token}`);
        }
        print(lines.join('\n'));
        await stopped;
        print('Stopping …');
        await serving.stop();
      } finally {
        await app.close({ owner: true });
      }
    });
}
