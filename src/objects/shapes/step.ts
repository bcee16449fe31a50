import type { Json } from '../definition.ts';
import { fill, isHash } from './json.ts';

/** One change of Stripe's shapes: what an object of one kind looks like from a day on. */
export interface Step {
  /** The day of the first version that has the new shape. */
  since: string;
  /** The `object` word it concerns. */
  object: string;
  /** Brings the object, a copy of its own, into the newer shape. What is there already stays. */
  apply: (object: Json) => void;
}

export const step = (since: string, object: string, apply: Step['apply']): Step => ({
  since,
  object,
  apply,
});

/** Fields that came on a day and say nothing where they are absent: null, unless told otherwise. */
export const came = (
  since: string,
  object: string,
  fields: readonly string[],
  value: unknown = null,
): Step => step(since, object, (target) => fields.forEach((name) => fillAt(target, name, value)));

function fillAt(target: Json, path: string, value: unknown): void {
  const [name = '', ...rest] = path.split('.');
  if (rest.length === 0) return fill(target, name, structuredClone(value));
  const inner = target[name];
  for (const one of Array.isArray(inner) ? inner : [inner]) {
    if (isHash(one)) fillAt(one, rest.join('.'), value);
  }
}
