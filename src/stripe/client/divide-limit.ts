/** What a process that waits for the limit asks for: all of it. */
export const HUNGRY = 1_000_000;
/** Nobody gets less, so that whoever was idle can begin at once. */
const LEAST = 0.05;
/** Room above what a process uses now, so that it can grow until the next division. */
const ROOM = 1.3;

/**
 * Divides a rate between processes by what each would use: who needs little gets it whole, and the
 * rest is shared evenly by those who would take more. Answers the part of the first, 0.05 to 1.
 * The parts never add up to more than 1, but for the least that everybody gets.
 */
export function divideLimit(demands: readonly number[], per_s: number): number {
  const [mine = HUNGRY] = demands;
  if (demands.length <= 1) return 1;
  const wanted = demands.map((demand) => Math.max(LEAST * per_s, demand * ROOM));
  const ordered = wanted.toSorted((a, b) => a - b);
  let left = per_s;
  let level = per_s;
  for (const [index, want] of ordered.entries()) {
    level = left / (ordered.length - index);
    if (want >= level) break;
    left -= want;
    // Nobody is short: what is over is shared evenly on top.
    if (index === ordered.length - 1)
      return Math.min(1, (wanted[0]! + left / ordered.length) / per_s);
  }
  const part = Math.min(Math.max(LEAST * per_s, mine * ROOM), level) / per_s;
  return Math.max(LEAST, Math.min(1, part));
}
