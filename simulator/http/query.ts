import { isJson } from '../wire.ts';
import { ApiError } from './errors.ts';

/** A value of a form: text, or a hash of values (arrays are hashes with numbers as keys). */
export type FormValue = string | { [key: string]: FormValue };
export type Form = { [key: string]: FormValue };

/** Reads `a=1&created[gte]=2&expand[]=x` the way Stripe does. */
export function parseForm(text: string): Form {
  const form: Form = Object.create(null) as Form;
  for (const [key, value] of new URLSearchParams(text)) {
    const path = key.split('[').map((part) => part.replace(/\]$/, ''));
    let place = form;
    for (const part of path.slice(0, -1)) {
      const name = part === '' ? String(Object.keys(place).length) : part;
      const inner = place[name];
      if (isJson(inner)) {
        place = inner as Form;
      } else {
        const fresh: Form = Object.create(null) as Form;
        place[name] = fresh;
        place = fresh;
      }
    }
    const last = path.at(-1) ?? '';
    place[last === '' ? String(Object.keys(place).length) : last] = value;
  }
  return form;
}

/** A list given as `x[]=`, `x[0]=` or a single `x=`. */
export function listOf(value: FormValue | undefined): string[] {
  if (value === undefined) return [];
  if (typeof value === 'string') return [value];
  return Object.values(value).filter((entry) => typeof entry === 'string');
}

export function integerOf(value: FormValue, param: string): number {
  if (typeof value !== 'string' || !/^-?\d+$/.test(value)) {
    throw new ApiError(400, {
      code: 'parameter_invalid_integer',
      message: `Invalid integer: ${typeof value === 'string' ? value : param}`,
      param,
    });
  }
  return Number(value);
}

export interface Range {
  /** Included. */
  from: number;
  /** Not included. */
  before: number;
}

/** `created=…` or `created[gt|gte|lt|lte]=…`, in whole seconds. */
export function rangeOf(value: FormValue | undefined, param: string): Range {
  const range = { from: Number.NEGATIVE_INFINITY, before: Number.POSITIVE_INFINITY };
  if (value === undefined) return range;
  if (typeof value === 'string') {
    const at = integerOf(value, param);
    return { from: at, before: at + 1 };
  }
  for (const [bound, entry] of Object.entries(value)) {
    const at = integerOf(entry, `${param}[${bound}]`);
    if (bound === 'gt') range.from = Math.max(range.from, at + 1);
    else if (bound === 'gte') range.from = Math.max(range.from, at);
    else if (bound === 'lt') range.before = Math.min(range.before, at);
    else if (bound === 'lte') range.before = Math.min(range.before, at + 1);
    else {
      const name = `${param}[${bound}]`;
      throw new ApiError(400, {
        code: 'parameter_unknown',
        message: `Received unknown parameter: ${name}`,
        param: name,
      });
    }
  }
  return range;
}
