import { Status } from './status.tsx';
import type { Tone } from './status.tsx';

const STATES: Record<string, { tone: Tone; word: string }> = {
  none: { tone: 'quiet', word: 'No subscription' },
  trialing: { tone: 'info', word: 'Trialing' },
  active: { tone: 'good', word: 'Active' },
  past_due: { tone: 'warn', word: 'Past due' },
  unpaid: { tone: 'bad', word: 'Unpaid' },
  paused: { tone: 'quiet', word: 'Paused' },
  canceled: { tone: 'quiet', word: 'Cancelled' },
  incomplete: { tone: 'warn', word: 'Incomplete' },
  incomplete_expired: { tone: 'quiet', word: 'Never completed' },
};

/** Stripe's word for the state of a subscription, as the reader says it. */
export function SubscriptionStatus({ status }: { status: string }) {
  const state = STATES[status] ?? { tone: 'quiet' as const, word: status };
  return <Status tone={state.tone}>{state.word}</Status>;
}
