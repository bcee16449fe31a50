import { useCallback, useRef, useState } from 'react';
import type { ProbeStep } from '../../../api/contract/probe.ts';
import { requestLines } from '../../lib/http.ts';

type Account = Extract<ProbeStep, { step: 'account' }>;
type Refusal = Extract<ProbeStep, { step: 'refused' }>;

export interface Probe {
  state: 'idle' | 'checking' | 'done';
  account: Account | null;
  /** Answer by resource, as far as it has come. */
  granted: ReadonlyMap<string, boolean>;
  refusal: Refusal | null;
  /** Connecting will work. */
  ok: boolean;
  error: unknown;
}

const NOTHING: Probe = {
  state: 'idle',
  account: null,
  granted: new Map(),
  refusal: null,
  ok: false,
  error: null,
};

/** Checks a key step by step. A newer check ends the one before. */
export function useProbe(): {
  probe: Probe;
  check: (key: string) => Promise<void>;
  reset: () => void;
} {
  const [probe, setProbe] = useState(NOTHING);
  const running = useRef<AbortController | null>(null);
  const reset = useCallback(() => {
    running.current?.abort();
    setProbe(NOTHING);
  }, []);
  const check = useCallback(async (key: string): Promise<void> => {
    running.current?.abort();
    const control = new AbortController();
    running.current = control;
    setProbe({ ...NOTHING, state: 'checking' });
    try {
      const asked = { method: 'POST', body: { key }, signal: control.signal } as const;
      await requestLines<ProbeStep>('/sources/probe', asked, (step) => {
        if (!control.signal.aborted) setProbe((before) => takeStep(before, step));
      });
      if (!control.signal.aborted) setProbe((before) => ({ ...before, state: 'done' }));
    } catch (error) {
      if (!control.signal.aborted) setProbe((before) => ({ ...before, state: 'done', error }));
    }
  }, []);
  return { probe, check, reset };
}

function takeStep(before: Probe, step: ProbeStep): Probe {
  switch (step.step) {
    case 'account':
      return { ...before, account: step };
    case 'permission':
      return { ...before, granted: new Map(before.granted).set(step.resource, step.granted) };
    case 'refused':
      return { ...before, refusal: step };
    case 'done':
      return { ...before, state: 'done', ok: step.ok };
  }
}
