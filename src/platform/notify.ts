import { sql } from 'kysely';
import pg from 'pg';
import type { Context } from './context.ts';
import type { Log } from './log.ts';

/** One short message between processes and to open pages: what changed, not the change itself. */
export interface Notice {
  topic: string;
  [detail: string]: unknown;
}

const CHANNEL = 'headwater';

/** Tells everyone who listens, when (and only if) the surrounding transaction commits. */
export async function notify(ctx: Context, notice: Notice): Promise<void> {
  await sql`select pg_notify(${CHANNEL}, ${JSON.stringify(notice)})`.execute(ctx.db);
}

export interface Bus {
  /** Calls back on every notice; returns how to stop. */
  subscribe(listener: (notice: Notice) => void): () => void;
  close(): Promise<void>;
}

/**
 * Listens on a connection of its own and reconnects when the database restarts. A missed notice
 * only delays: everything that is woken by one also looks by itself now and then.
 */
export async function openBus(url: string, log: Log): Promise<Bus> {
  const listeners = new Set<(notice: Notice) => void>();
  let client: pg.Client | null = null;
  let closed = false;

  const connect = async (): Promise<void> => {
    const next = new pg.Client({ connectionString: url });
    next.on('notification', (message) => {
      const notice = JSON.parse(message.payload ?? '{}') as Notice;
      for (const listener of listeners) listener(notice);
    });
    next.on('error', () => undefined);
    next.on('end', () => {
      if (!closed) setTimeout(() => void reconnect(), 500).unref();
    });
    await next.connect();
    await next.query(`listen ${CHANNEL}`);
    client = next;
  };
  const reconnect = async (): Promise<void> => {
    try {
      if (!closed) await connect();
    } catch (error) {
      log.warn({ err: error }, 'cannot listen to the database; trying again');
      setTimeout(() => void reconnect(), 1_000).unref();
    }
  };

  await connect();
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      closed = true;
      await client?.end();
    },
  };
}
