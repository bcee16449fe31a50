import type { BranchStep, RunState } from './definition.ts';

/** One person under way, as far as the machine needs to know. */
export interface Run {
  id: string;
  state: RunState;
  /** The step the person is at; null before the first and after the last. */
  node: string | null;
  due_at: Date | null;
  finished_at: Date | null;
  exit_reason: string | null;
}

export type RunEvent =
  | { kind: 'due' }
  | { kind: 'answered'; node: string; yes: boolean; because: string | null }
  | { kind: 'effect_done'; key: string; result: string }
  | { kind: 'effect_failed'; key: string; reason: string }
  | { kind: 'exit'; reason: string };

export type Effect =
  | { kind: 'ask'; node: string; condition: BranchStep['condition'] }
  | { kind: 'send_email'; node: string; key: string; email_id: number };

/** One line of what happened, for people to read; describe-trace.ts has the words. */
export type TraceLine =
  | { node: string; what: 'waiting'; detail: { minutes: number; until: string } }
  | { node: string; what: 'answered'; detail: { yes: boolean; because: string | null } }
  | { node: string; what: 'email_queued'; detail: { email_id: number; outbox_id: string } }
  | { node: string; what: 'failed'; detail: { reason: string } }
  | { node: string | null; what: 'finished'; detail: Record<string, never> }
  | { node: string | null; what: 'exited'; detail: { reason: string } };

export interface Outcome {
  run: Run;
  effects: Effect[];
  trace: TraceLine[];
}
