/** The simulator's own time in unix seconds. Stands still at speed 0, else runs with the wall. */
export interface SimulatorClock {
  now(): number;
  /** Jumps forward (never back) to an instant and goes on from there. */
  moveTo(seconds: number): void;
  /** Holds the clock at instants it is moved to, for as long as tasks are being run. */
  hold(): void;
  release(): void;
  readonly speed: number;
}

export function createClock(startSeconds: number, speed: number): SimulatorClock {
  let base = startSeconds;
  let wallBase = Date.now();
  let held = false;
  const now = (): number =>
    held || speed === 0 ? base : Math.floor(base + ((Date.now() - wallBase) / 1000) * speed);
  return {
    speed,
    now,
    moveTo(seconds) {
      base = held ? seconds : Math.max(now(), seconds);
      wallBase = Date.now();
    },
    hold() {
      base = now();
      held = true;
    },
    release() {
      held = false;
      wallBase = Date.now();
    },
  };
}

export const SECOND = 1;
export const MINUTE = 60;
export const HOUR = 3600;
export const DAY = 86_400;

export const secondsOf = (date: Date): number => Math.floor(date.getTime() / 1000);
