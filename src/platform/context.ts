import type { Kysely } from 'kysely';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import type { Log } from './log.ts';
import type { Vault } from './vault.ts';

/** Tables are addressed by SQL text in each room's queries, so no table types live here. */
export type Db = Kysely<Record<string, never>>;

/**
 * What every function of the house is handed first. Only the composition root makes one; inside a
 * transaction the same context travels on with `db` bound to it.
 */
export interface Context {
  db: Db;
  clock: Clock;
  log: Log;
  config: Config;
  vault: Vault;
}
