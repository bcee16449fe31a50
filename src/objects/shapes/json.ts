import type { Json } from '../definition.ts';

export const isHash = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The hashes of a list, or of Stripe's `{data: [...]}` around one. */
export function hashesOf(value: unknown): Json[] {
  const list = isHash(value) ? value.data : value;
  return Array.isArray(list) ? list.filter(isHash) : [];
}

/** The value at a path, or undefined. */
export const inside = (value: unknown, ...path: string[]): unknown =>
  path.reduce<unknown>((at, name) => (isHash(at) ? at[name] : undefined), value);

/** An id, whether the id or the object is there; null when neither is. */
export function idIn(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return isHash(value) && typeof value.id === 'string' ? value.id : null;
}

export function drop(object: Json, ...names: string[]): void {
  for (const name of names) delete object[name];
}

/** Puts a value where none is. */
export function fill(object: Json, name: string, value: unknown): void {
  if (object[name] === undefined) object[name] = value;
}
