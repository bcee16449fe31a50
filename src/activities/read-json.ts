import type { Json } from '../objects/index.ts';

/** Reading Stripe's JSON without trusting it: what is missing or of another kind is null. */
export function textAt(object: Json, ...path: string[]): string | null {
  const value = at(object, path);
  return typeof value === 'string' && value !== '' ? value : null;
}

export function integerAt(object: Json, ...path: string[]): number | null {
  const value = at(object, path);
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : null;
}

/** An id, whether Stripe sent the id or, where it was expanded, the object. */
export function idAt(object: Json, ...path: string[]): string | null {
  return textAt(object, ...path) ?? textAt(object, ...path, 'id');
}

/** An instant, which Stripe sends in seconds. */
export function instantAt(object: Json, ...path: string[]): Date | null {
  const seconds = integerAt(object, ...path);
  return seconds === null ? null : new Date(seconds * 1000);
}

/** The objects of a list, or of Stripe's `{data: [...]}` around one. */
export function listAt(object: Json, ...path: string[]): Json[] {
  const value = at(object, path);
  const list = isObject(value) ? value.data : value;
  return Array.isArray(list) ? list.filter(isObject) : [];
}

/** ISO text, as times are kept in attributes. */
export const isoOf = (instant: Date | null): string | null => instant?.toISOString() ?? null;

/** Attributes without those nobody knows. */
export function known(attributes: Json): Json {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null));
}

function at(object: Json, path: string[]): unknown {
  let value: unknown = object;
  for (const step of path) value = isObject(value) ? value[step] : undefined;
  return value;
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
