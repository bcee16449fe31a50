/** Lets a number of tasks through at once; the others wait in line. */
export function createGate(places: number) {
  let free = places;
  const line: (() => void)[] = [];
  const leave = (): void => {
    const next = line.shift();
    if (next) next();
    else free += 1;
  };
  const enter = async (signal?: AbortSignal): Promise<void> => {
    signal?.throwIfAborted();
    if (free > 0) {
      free -= 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const onAbort = (): void => {
        line.splice(line.indexOf(pass), 1);
        reject(signal?.reason as Error);
      };
      const pass = (): void => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      line.push(pass);
    });
  };
  return {
    enter,
    leave,
    /** How many wait in line. */
    waiting: (): number => line.length,
    async run<T>(work: () => Promise<T>): Promise<T> {
      await enter();
      try {
        return await work();
      } finally {
        leave();
      }
    },
  };
}
