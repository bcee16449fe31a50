import type { EventText, Json } from '../../objects/index.ts';
import type { Context } from '../../platform/index.ts';
import { createPerInstallation } from '../per-installation.ts';

/*
 * Events that this process has just stored are still at hand, parsed. Whoever applies them need not
 * read them back from the database; what is not here any more is read from there. Nothing rests on
 * this but speed: the row is the truth about what waits.
 */
interface Held {
  event: Json;
  bytes: number;
  at: number;
}

interface Hand {
  held: Map<string, Held>;
  bytes: number;
}

const handOf = createPerInstallation((): Hand => ({ held: new Map(), bytes: 0 }));

const MOST_BYTES = 8 * 1_048_576;
const MOST_BYTES_EACH = 65_536;
/** Another process may have applied it long since. */
const LONGEST_MS = 10_000;

const keyOf = (source_id: number, id: string): string => `${source_id}/${id}`;

/** Holds what fits. A text that was written anew may read a little differently in the database and is not held. */
export function holdInHand(ctx: Context, source_id: number, events: readonly EventText[]): void {
  const hand = handOf(ctx);
  const now = performance.now();
  dropOld(hand, now);
  for (const { event, text, rewritten } of events) {
    const bytes = text.length;
    if (rewritten || bytes > MOST_BYTES_EACH || hand.bytes + bytes > MOST_BYTES) continue;
    hand.held.set(keyOf(source_id, String(event.id)), { event, bytes, at: now });
    hand.bytes += bytes;
  }
}

/** Hands an event over, once. */
export function takeFromHand(ctx: Context, source_id: number, id: string): Json | undefined {
  const hand = handOf(ctx);
  const key = keyOf(source_id, id);
  const found = hand.held.get(key);
  if (!found) return undefined;
  drop(hand, key, found);
  return found.event;
}

/** Events that this process stored in the last seconds and has not applied yet. */
export function countInHand(ctx: Context): number {
  const hand = handOf(ctx);
  dropOld(hand, performance.now());
  return hand.held.size;
}

function dropOld(hand: Hand, now: number): void {
  for (const [key, held] of hand.held) {
    if (now - held.at < LONGEST_MS) return;
    drop(hand, key, held);
  }
}

function drop(hand: Hand, key: string, held: Held): void {
  hand.held.delete(key);
  hand.bytes -= held.bytes;
}
