import type { State } from '../state.ts';
import type { Json } from '../wire.ts';

/** What came with a version, taken back: how an object looked before that day. */
export interface Change {
  /** The day of the first version that has the new shape. */
  since: string;
  /** The `object` it concerns. */
  object: string;
  /** Brings the object, a copy of its own, into the older shape. */
  undo: (object: Json, state: State) => void;
}

/** Fields that did not exist before a day, at a path such as `card.mandate` inside the object. */
export const came = (since: string, object: string, ...fields: string[]): Change => ({
  since,
  object,
  undo: (target) => {
    for (const field of fields) drop(target, field.split('.'));
  },
});

function drop(target: Json, path: string[]): void {
  const [name = '', ...rest] = path;
  if (rest.length === 0) {
    delete target[name];
    return;
  }
  const inner = target[name];
  for (const entry of Array.isArray(inner) ? inner : [inner]) {
    if (typeof entry === 'object' && entry !== null) drop(entry as Json, rest);
  }
}
