const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Bijective 32-bit mixer: different counters never collide, neighbours look unrelated. */
function mix(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

export interface Ids {
  /** The next id of a kind, such as `make('cus_', 14)`. */
  make(prefix: string, length?: number): string;
  /** How many were made; set it to go on behind them. */
  made: number;
}

/**
 * Ids from a seed: the n-th id of a world is always the same. Six characters carry the mixed
 * counter (so that no two ids are equal), the rest are noise that makes them look like Stripe's.
 */
export function createIds(seed: number): Ids {
  const salt = mix(seed);
  const scratch = Buffer.alloc(64);
  const ids: Ids = {
    made: 0,
    make(prefix, length = 14) {
      ids.made += 1;
      const counter = ids.made;
      let at = scratch.write(prefix, 'latin1');
      let unique = mix(counter ^ salt);
      for (let digit = 0; digit < 6; digit += 1) {
        scratch[at] = ALPHABET.charCodeAt(unique % 62);
        unique = Math.floor(unique / 62);
        at += 1;
      }
      let noise = mix(counter + Math.imul(salt, 31));
      for (let digit = 6; digit < length; digit += 1) {
        if (noise < 62) noise = mix(noise + counter + digit);
        scratch[at] = ALPHABET.charCodeAt(noise % 62);
        noise = Math.floor(noise / 62);
        at += 1;
      }
      // Written into a buffer first: a flat string takes a third of the memory of a joined one.
      return scratch.toString('latin1', 0, at);
    },
  };
  return ids;
}
