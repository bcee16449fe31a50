// Small readers for what stands in the address: anything unexpected is simply not there.

export type RawSearch = Record<string, unknown>;

export function readText(raw: RawSearch, name: string): string | undefined {
  const value = raw[name];
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

export function readFlag(raw: RawSearch, name: string): true | undefined {
  return raw[name] === true || raw[name] === 'true' || raw[name] === 1 ? true : undefined;
}

export function readNumber(raw: RawSearch, name: string): number | undefined {
  const value = typeof raw[name] === 'string' ? Number(raw[name]) : raw[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

export function readDate(raw: RawSearch, name: string): string | undefined {
  const value = readText(raw, name);
  return value && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : undefined;
}

export function readChoice<const T extends string>(
  raw: RawSearch,
  name: string,
  choices: readonly T[],
): T | undefined {
  return choices.find((choice) => choice === raw[name]);
}

/** Says that everything in the address may be left out. */
export function optional<T extends object>(search: T): Partial<T> {
  return search;
}
