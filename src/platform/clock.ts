/** Where time comes from. Decisions never read the machine's clock; they are handed one of these. */
export interface Clock {
  now(): Date;
}

/** The machine's own clock, in UTC. */
export function systemClock(): Clock {
  return { now: () => new Date() };
}

export interface FixedClock extends Clock {
  set(to: Date): void;
  /** Moves forward by milliseconds. */
  advance(ms: number): void;
}

/** A clock that stands still until it is told to move. */
export function fixedClock(start: Date): FixedClock {
  let at = start.getTime();
  return {
    now: () => new Date(at),
    set: (to) => {
      at = to.getTime();
    },
    advance: (ms) => {
      at += ms;
    },
  };
}
