import type { State } from '../state.ts';
import { isJson } from '../wire.ts';
import type { Json } from '../wire.ts';
import { ADDITIONS } from './additions.ts';
import { BEFORE_BASIL } from './before-basil.ts';
import type { Change } from './change.ts';
import { RENAMED } from './renamed.ts';
import { dayOf } from './version.ts';

/** Newest first, by the kind of object they concern. */
const CHANGES = new Map<string, Change[]>();
for (const change of [...ADDITIONS, ...RENAMED, ...BEFORE_BASIL]) {
  CHANGES.set(change.object, [...(CHANGES.get(change.object) ?? []), change]);
}
for (const changes of CHANGES.values()) changes.sort((a, b) => (a.since < b.since ? 1 : -1));

function undoAll(value: unknown, day: string, state: State): void {
  if (Array.isArray(value)) {
    for (const entry of value) undoAll(entry, day, state);
    return;
  }
  // An event stays in the version of its time, whoever asks for it.
  if (!isJson(value) || value['object'] === 'event' || value['deleted'] === true) return;
  for (const change of CHANGES.get(String(value['object'])) ?? []) {
    if (change.since > day) change.undo(value, state);
  }
  for (const inner of Object.values(value)) undoAll(inner, day, state);
}

/**
 * An object (or a list, or one with others inside) as a version of the API shows it: from the
 * newest shape back, change by change. An object comes before what is inside it.
 */
export function renderAs(state: State, object: Json, version: string): Json {
  const day = dayOf(version);
  const copy = structuredClone(object);
  undoAll(copy, day, state);
  return copy;
}
