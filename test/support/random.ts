import { onTestFailed } from 'vitest';

/** A stream of numbers from 0 up to 1 that a seed repeats. */
export interface Random {
  next(): number;
  /** From `from` up to and with `to`. */
  integer(from: number, to: number): number;
  shuffle<T>(list: readonly T[]): T[];
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  // Mulberry32: small, and even enough to pick moments with.
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));
  return {
    next,
    integer,
    shuffle: (list) => {
      const shuffled = [...list];
      for (let index = shuffled.length - 1; index > 0; index -= 1) {
        const other = integer(0, index);
        [shuffled[index], shuffled[other]] = [shuffled[other]!, shuffled[index]!];
      }
      return shuffled;
    },
  };
}

/** Another seed in every run, printed when the test fails; TEST_SEED repeats one. Call it in a test. */
export function createTestRandom(): Random & { seed: number } {
  const seed = Number(process.env.TEST_SEED ?? Math.floor(Math.random() * 1_000_000));
  onTestFailed(() => console.error(`To repeat this: TEST_SEED=${seed}`));
  return { seed, ...createRandom(seed) };
}
