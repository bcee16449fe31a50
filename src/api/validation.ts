import type { FastifySchemaCompiler } from 'fastify';
import { Compile } from 'typebox/compile';
import type { TSchema } from 'typebox';
import { AppError } from '../platform/index.ts';

/**
 * Checks a part of a request against its contract. Paths and queries are text, so there `"12"` may
 * stand for 12; a body must have the right types already.
 */
export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const contract = Compile(schema);
  const isText = httpPart === 'querystring' || httpPart === 'params';
  return (data: unknown) => {
    const value = isText ? contract.Convert(data) : data;
    if (holdsUnstorable(value)) return { error: UNSTORABLE };
    if (contract.Check(value)) return { value };
    return { error: complaint(contract.Errors(value)) };
  };
};

const UNSTORABLE = new AppError(
  'bad_request',
  'The text holds a character that cannot be stored (NUL or half of one). Remove it and try again.',
);

/** True when any text inside holds what Postgres cannot keep. */
function holdsUnstorable(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\0') || !value.isWellFormed();
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, inner]) => key.includes('\0') || holdsUnstorable(inner));
}

interface Finding {
  instancePath: string;
  message: string;
  params?: unknown;
}

function complaint(findings: Finding[]): AppError {
  const fields = findings.slice(0, 20).map((finding) => ({
    field: fieldOf(finding),
    problem: finding.message,
  }));
  const first = fields[0];
  return new AppError(
    'bad_request',
    first?.field
      ? `${first.field} ${first.problem}. Correct it and try again.`
      : 'The request is not as it must be. Look at /api/openapi.json.',
    { detail: { fields } },
  );
}

function fieldOf(finding: Finding): string {
  const { requiredProperties } = (finding.params ?? {}) as { requiredProperties?: string[] };
  const path = finding.instancePath.split('/').filter(Boolean);
  return [...path, ...(requiredProperties?.slice(0, 1) ?? [])].join('.');
}
