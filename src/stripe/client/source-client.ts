import type { Context } from '../../platform/index.ts';
import { createPerInstallation } from '../per-installation.ts';
import type { Source } from '../queries/sources.ts';
import { createClient } from './client.ts';
import type { StripeClient } from './client.ts';
import type { Limiter } from './limiter.ts';
import { createSharedLimiter, nameProcess } from './shared-limit.ts';

interface Shared {
  process_id: string;
  limiters: Map<number, Limiter>;
  clients: Map<string, StripeClient>;
}

const sharedOf = createPerInstallation((): Shared => ({
  process_id: nameProcess(),
  limiters: new Map(),
  clients: new Map(),
}));

/** The client of a source; all callers in this process share its limiter, and all processes its rate. Not inside a transaction. */
export function clientOf(ctx: Context, source: Source): StripeClient {
  const mine = sharedOf(ctx);
  const known = mine.clients.get(source.key_sealed);
  if (known) return known;
  let limiter = mine.limiters.get(source.id);
  if (!limiter) {
    limiter = createSharedLimiter(ctx, source, mine.process_id);
    mine.limiters.set(source.id, limiter);
  }
  const client = createClient(ctx, { key: ctx.vault.open(source.key_sealed), limiter });
  mine.clients.set(source.key_sealed, client);
  return client;
}
