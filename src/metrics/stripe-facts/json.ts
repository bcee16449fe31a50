/** A Stripe object as stored. Its shape depends on the API version it was rendered in. */
export type Json = Record<string, unknown>;

export function object(value: unknown): Json | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Json)
    : null;
}

export function list(value: unknown): Json[] {
  const rows = Array.isArray(value) ? value : object(value)?.data;
  return Array.isArray(rows) ? rows.filter((row) => object(row) !== null) : [];
}

export function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** An id, whether the field was expanded or not. */
export function idOf(value: unknown): string | null {
  return text(value) ?? text(object(value)?.id);
}

/** Ids of a list whose members may be expanded. */
export function idsOf(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return value.map(idOf).filter((id) => id !== null);
}

export function integer(value: unknown): number | null {
  if (typeof value === 'number') return Math.trunc(value);
  return typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : null;
}

/** A decimal field: a string on the wire, a number in older shapes. */
export function decimal(value: unknown): string | number | null {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? value : null;
}
