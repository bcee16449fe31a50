import { recordEventTexts } from '../../objects/index.ts';
import type { EventText } from '../../objects/index.ts';
import type { Context } from '../../platform/index.ts';
import { createPerInstallation } from '../per-installation.ts';
import { findSourceByPath } from '../queries/sources.ts';
import type { Source } from '../queries/sources.ts';
import { noteDeliveryTrouble } from '../queries/webhook-hours.ts';
import { announceEvents } from './announce-events.ts';
import { holdInHand } from './in-hand.ts';
import { judgeDelivery } from './judge-delivery.ts';
import type { Delivery } from './judge-delivery.ts';
import type { ReceiveCode } from './receive-webhook.ts';
import { wakeWebhook } from './wake-webhook.ts';

/*
 * Deliveries that come while others are being written share the next write: one reading of the
 * source, one statement and one commit for many, and no wait for a single one. The source is read
 * anew for every batch, so a pause, another secret or a disconnection count from the next one on.
 */
interface Waiting {
  delivery: Delivery;
  resolve: (code: ReceiveCode) => void;
  reject: (error: unknown) => void;
}

interface Inbox {
  waiting: Waiting[];
  writing: boolean;
}

interface Accepted extends Waiting {
  event: EventText;
}

const inboxOf = createPerInstallation((): Inbox => ({ waiting: [], writing: false }));

const MOST_AT_ONCE = 250;
const MOST_BYTES = 16 * 1_048_576;

/** Checks and keeps a delivery, durably before it answers. */
export async function takeIn(ctx: Context, delivery: Delivery): Promise<ReceiveCode> {
  const inbox = inboxOf(ctx);
  return await new Promise<ReceiveCode>((resolve, reject) => {
    inbox.waiting.push({ delivery, resolve, reject });
    if (!inbox.writing) void emptyInbox(ctx, inbox);
  });
}

/** Deliveries that wait for their answer in this process. */
export function countDeliveriesWaiting(ctx: Context): number {
  return inboxOf(ctx).waiting.length;
}

async function emptyInbox(ctx: Context, inbox: Inbox): Promise<void> {
  inbox.writing = true;
  while (inbox.waiting.length > 0) {
    const batch = inbox.waiting.splice(0, countOfBatch(inbox.waiting));
    const paths = new Set(batch.map(({ delivery }) => delivery.webhook_path));
    for (const path of paths) {
      const own = batch.filter(({ delivery }) => delivery.webhook_path === path);
      await takeOfSource(ctx, path, own).catch((error: unknown) => {
        for (const one of own) one.reject(error);
      });
    }
  }
  inbox.writing = false;
}

/** How many of those that wait go together: as many as there are, within bounds of number and size. */
function countOfBatch(waiting: Waiting[]): number {
  let count = 0;
  let bytes = 0;
  while (count < waiting.length && count < MOST_AT_ONCE) {
    bytes += waiting[count]!.delivery.raw_body.length;
    if (count > 0 && bytes > MOST_BYTES) break;
    count += 1;
  }
  return count;
}

async function takeOfSource(ctx: Context, path: string, batch: Waiting[]): Promise<void> {
  const source = await findSourceByPath(ctx, path);
  const accepted: Accepted[] = [];
  let refused = 0;
  for (const one of batch) {
    const judgement = judgeDelivery(ctx, source, one.delivery);
    if (!('code' in judgement)) accepted.push({ ...one, event: judgement });
    else {
      one.resolve(judgement.code);
      if (judgement.code === 'bad_signature') refused += 1;
    }
  }
  if (!source) return;
  if (refused > 0) await noteDeliveryTrouble(ctx, source.id, { refused });
  if (accepted.length === 0) return;
  // It spoke: also when polling was quicker and the event is known already.
  if (source.state === 'degraded') await wakeWebhook(ctx, source.id);
  await keep(ctx, source, accepted);
}

async function keep(ctx: Context, source: Source, batch: Accepted[]): Promise<void> {
  try {
    const events = batch.map((one) => one.event);
    const added = new Set(await recordEventTexts(ctx, { source_id: source.id, events }));
    const kept = events.filter(({ event }) => added.has(String(event.id)));
    holdInHand(ctx, source.id, kept);
    if (kept.length > 0) announceEvents(ctx, source.id);
    // The second of two equal deliveries in one batch is a duplicate too.
    for (const { event, resolve } of batch)
      resolve(added.delete(String(event.event.id)) ? 'stored' : 'duplicate');
  } catch (error) {
    // One of them cannot be kept; alone it fails alone.
    if (batch.length > 1) for (const one of batch) await keep(ctx, source, [one]);
    else await keepRewritten(ctx, source, batch[0]!, error);
  }
}

/** Its text may hold what JSON allows and the database does not, such as a number without end. */
async function keepRewritten(
  ctx: Context,
  source: Source,
  one: Accepted,
  error: unknown,
): Promise<void> {
  if (one.event.rewritten) return one.reject(error);
  one.event.rewritten = true;
  await keep(ctx, source, [one]);
}
