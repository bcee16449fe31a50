import { API_VERSION } from '../wire.ts';

/** The oldest version an account here may still have. */
export const OLDEST_VERSION = '2023-10-16';

const SHAPE = /^\d{4}-\d{2}-\d{2}(\.[a-z]+)?$/;

/** The day of a version, by which versions are compared: `2025-03-31` of `2025-03-31.basil`. */
export const dayOf = (version: string): string => version.slice(0, 10);

/** True for every version from the oldest to the one the simulator is written in. */
export const isKnownVersion = (version: string): boolean =>
  SHAPE.test(version) && dayOf(version) >= OLDEST_VERSION && dayOf(version) <= dayOf(API_VERSION);

/** The version, or the newest one for any that is not known. */
export const versionOr = (version: string | undefined): string =>
  version !== undefined && isKnownVersion(version) ? version : API_VERSION;
