import { recordEvents } from '../../objects/index.ts';
import type { Json } from '../../objects/index.ts';
import { inTransaction, notify } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';
import { createPerInstallation } from '../per-installation.ts';

interface Delivery {
  source_id: number;
  event: Json;
  resolve: (isNew: boolean) => void;
  reject: (error: unknown) => void;
}

interface Inbox {
  waiting: Delivery[];
  writing: boolean;
}

const inboxOf = createPerInstallation((): Inbox => ({ waiting: [], writing: false }));

const MOST_AT_ONCE = 200;

/**
 * Keeps a delivered event, durably, and answers whether it is new. Deliveries that come while others
 * are being written share the next transaction: one commit for many, and no wait for a single one.
 */
export async function keepEvent(ctx: Context, source_id: number, event: Json): Promise<boolean> {
  const inbox = inboxOf(ctx);
  return await new Promise<boolean>((resolve, reject) => {
    inbox.waiting.push({ source_id, event, resolve, reject });
    if (!inbox.writing) void writeAll(ctx, inbox);
  });
}

async function writeAll(ctx: Context, inbox: Inbox): Promise<void> {
  inbox.writing = true;
  while (inbox.waiting.length > 0) {
    const batch = inbox.waiting.splice(0, MOST_AT_ONCE);
    try {
      const added = await inTransaction(ctx, async (tx) => await write(tx, batch));
      for (const delivery of batch) {
        // The second of two equal deliveries in one batch is a duplicate too.
        delivery.resolve(added.delete(keyOf(delivery)));
      }
    } catch (error) {
      if (batch.length === 1) batch[0]!.reject(error);
      // One of them cannot be kept; alone it fails alone.
      else for (const delivery of batch) await writeOne(ctx, delivery);
    }
  }
  inbox.writing = false;
}

async function writeOne(ctx: Context, delivery: Delivery): Promise<void> {
  try {
    const added = await inTransaction(ctx, async (tx) => await write(tx, [delivery]));
    delivery.resolve(added.size > 0);
  } catch (error) {
    delivery.reject(error);
  }
}

const keyOf = ({ source_id, event }: Delivery): string => `${source_id}/${String(event.id)}`;

async function write(tx: Context, batch: Delivery[]): Promise<Set<string>> {
  const added = new Set<string>();
  for (const source_id of new Set(batch.map((delivery) => delivery.source_id))) {
    const events = new Map(
      batch
        .filter((delivery) => delivery.source_id === source_id)
        .map(({ event }) => [event.id, event]),
    );
    const ids = await recordEvents(tx, {
      source_id,
      events: [...events.values()],
      origin: 'webhook',
    });
    for (const id of ids) added.add(`${source_id}/${id}`);
    if (ids.length > 0) await notify(tx, { topic: 'events', source_id });
  }
  return added;
}
