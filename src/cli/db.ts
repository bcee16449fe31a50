import type { Command } from 'commander';
import { ensureReadOnlyRole } from '../platform/index.ts';
import { print, withApp } from './app.ts';
import type { Opener } from './app.ts';

/** What no report needs and no reader may see. */
export const HIDDEN = {
  users: ['password_hash'],
  sessions: '*',
  settings: '*',
  // A rendered mail holds its reader's unsubscribe link.
  outbox: ['html', 'plain'],
  sources: [
    'key_sealed',
    'webhook_secret_sealed',
    'webhook_previous_secret_sealed',
    'webhook_path',
  ],
} as const;

export function addDb(program: Command, opener: Opener): void {
  program
    .command('db')
    .description('print the connection string of a read-only role, for psql or a BI tool')
    .action(async () => {
      await withApp(opener, async ({ ctx, database_url: url }) => {
        print(await ensureReadOnlyRole(ctx, url, HIDDEN));
      });
    });
}
