import { isCancel, password } from '@clack/prompts';
import type { Command } from 'commander';
import { AppError } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { connectSource } from '../stripe/index.ts';
import type { SourceView } from '../stripe/index.ts';
import { furnishFrom } from '../worker/index.ts';
import { print, withApp } from './app.ts';
import type { Opener } from './app.ts';

export function addConnect(program: Command, opener: Opener): void {
  program
    .command('connect')
    .description(
      'connect a Stripe account; the key comes from STRIPE_KEY, standard input or a prompt',
    )
    .option('--name <name>', 'what to call the account')
    .option('--json', 'print the source as JSON')
    .action(async (options: { name?: string; json?: boolean }) => {
      const key = await readKey();
      await withApp(opener, async ({ ctx }) => {
        const source = await connect(ctx, key, options.name);
        print(
          options.json
            ? JSON.stringify(source)
            : `Connected ${source.name} (${source.mode} mode). ${source.sentence}`,
        );
      });
    });
}

/** Connects and sets up what comes with an account. Throws the refusal's own sentence. */
export async function connect(ctx: Context, key: string, name?: string): Promise<SourceView> {
  const result = await connectSource(ctx, name ? { key, name } : { key });
  if (!result.ok) throw new AppError(result.code, result.sentence);
  await furnishFrom(ctx, result.source);
  return result.source;
}

/** Never an argument: those show in process lists and shell history. */
async function readKey(): Promise<string> {
  const fromEnvironment = process.env.STRIPE_KEY?.trim();
  if (fromEnvironment) return fromEnvironment;
  if (!process.stdin.isTTY) {
    let text = '';
    for await (const chunk of process.stdin) text += String(chunk);
    if (text.trim()) return text.trim();
    throw new AppError(
      'no_key',
      'No key came in on standard input. Pipe it in, set STRIPE_KEY, or run this in a terminal to be asked.',
    );
  }
  const answer = await password({ message: 'Restricted Stripe key (rk_…)' });
  if (isCancel(answer) || !answer)
    throw new AppError('no_key', 'No key given; nothing was changed.');
  return answer.trim();
}
