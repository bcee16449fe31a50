import type { Source } from '../../../api/contract/sources.ts';
import { Status } from '../../ui/index.ts';
import type { Tone } from '../../ui/index.ts';

const STATES: Record<Source['state'], { tone: Tone; word: string }> = {
  connecting: { tone: 'info', word: 'Connecting' },
  permission_missing: { tone: 'bad', word: 'Permission missing' },
  webhook_full: { tone: 'warn', word: 'No free webhook' },
  syncing: { tone: 'info', word: 'Syncing' },
  live: { tone: 'good', word: 'Live' },
  degraded: { tone: 'warn', word: 'Degraded' },
  key_revoked: { tone: 'bad', word: 'Key revoked' },
  paused: { tone: 'quiet', word: 'Paused' },
  disconnected: { tone: 'quiet', word: 'Disconnected' },
  deleting: { tone: 'quiet', word: 'Deleting' },
};

export function SourceStatus({ state }: { state: Source['state'] }) {
  return <Status tone={STATES[state].tone}>{STATES[state].word}</Status>;
}

export function toneOfState(state: Source['state']): Tone {
  return STATES[state].tone;
}

export function ModeMark({ mode }: { mode: Source['mode'] }) {
  return mode === 'test' ? (
    <Status tone="warn">Test mode</Status>
  ) : (
    <Status tone="accent">Live mode</Status>
  );
}

/** Whether there is still a key with which something could be done. */
export function isConnected(state: Source['state']): boolean {
  return state !== 'disconnected' && state !== 'deleting';
}
