import { notify } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';
import { createPerInstallation } from '../per-installation.ts';

interface Voice {
  /** When events of a source were announced last. */
  told: Map<number, number>;
  coming: Map<number, NodeJS.Timeout>;
}

const voiceOf = createPerInstallation((): Voice => ({ told: new Map(), coming: new Map() }));

const REST_MS = 40;

/**
 * Tells that events of a source wait: at once, and in a stream of them every 40 ms. It is not part of
 * the transaction that stores them, because commits that notify go one after the other through the
 * whole database. If the process dies in between, whoever applies events looks by itself soon.
 */
export function announceEvents(ctx: Context, source_id: number): void {
  const voice = voiceOf(ctx);
  if (voice.coming.has(source_id)) return;
  const wait =
    (voice.told.get(source_id) ?? Number.NEGATIVE_INFINITY) + REST_MS - performance.now();
  if (wait <= 0) return tell(ctx, voice, source_id);
  const timer = setTimeout(() => {
    voice.coming.delete(source_id);
    tell(ctx, voice, source_id);
  }, wait);
  voice.coming.set(source_id, timer);
}

function tell(ctx: Context, voice: Voice, source_id: number): void {
  voice.told.set(source_id, performance.now());
  notify(ctx, { topic: 'events', source_id }).catch((error: unknown) => {
    ctx.log.warn(
      { err: error, source_id },
      'new events could not be announced; they are found anyway',
    );
  });
}
