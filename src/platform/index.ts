export { sql } from 'kysely';
export type { RawBuilder } from 'kysely';
export { fixedClock, systemClock } from './clock.ts';
export type { Clock, FixedClock } from './clock.ts';
export { SETTINGS, loadConfig } from './config.ts';
export type { Config } from './config.ts';
export type { Context, Db } from './context.ts';
export {
  inTransaction,
  isHeld,
  lockInTransaction,
  openDatabase,
  withExclusive,
} from './database.ts';
export { startEmbeddedPostgres } from './embedded-postgres.ts';
export type { EmbeddedPostgres } from './embedded-postgres.ts';
export { AppError, messageOf } from './errors.ts';
export { hashId, hashInteger, newId } from './ids.ts';
export { createLog } from './log.ts';
export type { Log } from './log.ts';
export { startLoop } from './loop.ts';
export type { Loop, LoopOptions } from './loop.ts';
export { listMigrations, migrate } from './migrate.ts';
export { currencyExponent, formatMoney } from './money.ts';
export { notify, openBus } from './notify.ts';
export type { Bus, Notice } from './notify.ts';
export { ensureReadOnlyRole } from './read-only-role.ts';
export { createVault } from './vault.ts';
export type { Vault } from './vault.ts';
