import type { Config, Context } from '../platform/index.ts';

/**
 * Things that must outlast a call and be one for all callers of this process: the limiter of a
 * source, the inbox of deliveries. They hang on the configuration of the context that is passed (the
 * part that transactions share), so two installations in one process never mix.
 */
export function createPerInstallation<T>(make: () => T): (ctx: Context) => T {
  const made = new WeakMap<Config, T>();
  return (ctx) => {
    let mine = made.get(ctx.config);
    if (mine === undefined) made.set(ctx.config, (mine = make()));
    return mine;
  };
}
