/** Where the shapes of objects changed under the same version name nothing broke, only fields came. */
export const OLDEST_VERSION = '2023-10-16';
/** The shape objects are kept in. */
export const CURRENT_VERSION = '2026-10-28.endive';

/** The days of the versions that broke something. */
export const ACACIA = '2024-09-30';
export const BASIL = '2025-03-31';
export const CLOVER = '2025-09-30';
export const DAHLIA = '2026-03-25';
export const ENDIVE = '2026-09-30';

const SHAPE = /^\d{4}-\d{2}-\d{2}(\.[a-z]+)?$/;

/** The day of a version, by which versions are compared: `2025-03-31` of `2025-03-31.basil`. */
export const dayOf = (version: string): string => version.slice(0, 10);

/** Whether objects in this version can be read: from 2023-10-16 to the one they are kept in. */
export function isKnownVersion(version: unknown): version is string {
  if (typeof version !== 'string' || !SHAPE.test(version)) return false;
  const day = dayOf(version);
  return day >= OLDEST_VERSION && day <= dayOf(CURRENT_VERSION);
}
