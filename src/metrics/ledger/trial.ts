import type { Line } from '../stripe-facts/read-line.ts';
import type { History } from './facts.ts';

/** Every trial window this subscription is known to have had, as [start, end). */
export function trialWindows(history: History): { start: number; end: number }[] {
  const windows = new Map<number, number>();
  const states = [...history.snapshots.map((one) => one.state), history.subscription];
  for (const state of states) {
    if (state?.trial_start !== null && state?.trial_end && state.trial_end > state.trial_start) {
      windows.set(state.trial_start, state.trial_end);
    }
  }
  return [...windows].map(([start, end]) => ({ start, end })).toSorted((a, b) => a.start - b.start);
}

/** Lines over nothing that stand for a trial: by the subscription's own dates, or by what they say. */
export function isTrialLine(lines: readonly Line[], history: History): boolean {
  if (lines.some((line) => line.amount !== 0n)) return false;
  const { start, end } = lines[0]!;
  if (trialWindows(history).some((one) => start >= one.start && start < one.end)) return true;
  return lines.some((line) => /\btrial\b/i.test(line.description)) && end > start;
}
