import type { Json } from '../definition.ts';
import { isSameJson } from '../same-json.ts';
import { overlay } from '../version-guard.ts';
import { isHash } from './json.ts';
import { STEPS } from './steps.ts';
import { dayOf, isKnownVersion } from './versions.ts';

const NEWEST_STEP = STEPS.at(-1)!.since;

/**
 * An object of an older version of Stripe's API (2023-10-16 or newer) in the shape objects are kept
 * in, with everything inside of it; null when the version is not known. What the older version did
 * not tell cannot be made up: such fields say what an account that never used them would say.
 */
export function upgradeObject(object: Json, api_version: unknown): Json | null {
  if (!isKnownVersion(api_version)) return null;
  const day = dayOf(api_version);
  if (day >= NEWEST_STEP) return object;
  const copy = structuredClone(object);
  // A deleted object is a stub, and parts of another come without their own word.
  if (copy.deleted !== true) upgradeInside(copy, day);
  return copy;
}

/** An object is changed before what is inside of it: it may hand something down. */
function upgradeInside(value: unknown, day: string): void {
  if (Array.isArray(value)) {
    for (const entry of value) upgradeInside(entry, day);
    return;
  }
  if (!isHash(value) || value.object === 'event') return;
  for (const { since, object, apply } of STEPS) {
    if (since > day && object === value.object) apply(value);
  }
  for (const inner of Object.values(value)) upgradeInside(inner, day);
}

/** Whether an object of that version needs nothing but what it says: nothing of its kind, or inside of it, has changed since. */
export function isCurrentShape(object: Json, api_version: unknown): boolean {
  if (!isKnownVersion(api_version)) return false;
  const words = new Set<string>();
  collectWords(object, words);
  const day = dayOf(api_version);
  return !STEPS.some((one) => one.since > day && words.has(one.object));
}

function collectWords(value: unknown, words: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  if (isHash(value) && typeof value.object === 'string') words.add(value.object);
  for (const inner of Object.values(value)) collectWords(inner, words);
}

/**
 * `previous_attributes` of an older version in today's shape: what of the object as it is now was
 * otherwise before. Both sides are brought up as wholes, since one field may have become several.
 */
export function upgradePrevious(object: Json, previous: Json, api_version: unknown): Json | null {
  const now = upgradeObject(object, api_version);
  const before = upgradeObject(overlay(object, previous), api_version);
  if (now === null || before === null) return null;
  const changed = Object.keys(before).filter((name) => !isSameJson(before[name], now[name]));
  return Object.fromEntries(changed.map((name) => [name, before[name]]));
}
