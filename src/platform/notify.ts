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

/** Anyone who may connect may notify, so what is no notice of ours is passed over. */
function readNotice(payload: string): Notice | null {
  try {
    const value = JSON.parse(payload) as Partial<Notice> | null;
    return typeof value?.topic === 'string' ? (value as Notice) : null;
  } catch {
    return null;
  }
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

  // One attempt at a time: a connection that fails while it opens also ends, and must not count twice.
  const connect = async (): Promise<void> => {
    const next = new pg.Client({ connectionString: url });
    next.on('notification', (message) => {
      const notice = readNotice(message.payload ?? '');
      if (notice) for (const listener of listeners) listener(notice);
    });
    next.on('error', () => undefined);
    await next.connect();
    await next.query(`listen ${CHANNEL}`);
    if (closed) return await next.end();
    client = next;
    next.on('end', () => {
      if (!closed) void reconnect();
    });
  };
  const reconnect = async (): Promise<void> => {
    for (let failures = 0; !closed; failures += 1) {
      await new Promise((resolve) => setTimeout(resolve, Math.min(10_000, 500 * 2 ** failures)));
      try {
        if (!closed) await connect();
        return;
      } catch (error) {
        log.warn({ err: error }, 'cannot listen to the database; trying again');
      }
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
