import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { AppError, messageOf } from '../platform/index.ts';
import type { ErrorBody } from './contract/errors.ts';

/** Codes whose status is not plain from their ending; all other expected failures are 422. */
const STATUS: Record<string, number> = {
  bad_request: 400,
  not_json: 415,
  body_too_large: 413,
  signed_out: 401,
  wrong_credentials: 401,
  bad_setup_token: 403,
  csrf: 403,
  wrong_origin: 403,
  not_allowed: 403,
  not_found: 404,
  bad_link: 404,
  already_set_up: 409,
  too_many_requests: 429,
  secret_unreadable: 500,
};

const BY_ENDING: [RegExp, number][] = [
  [/(^unknown_|_not_found$)/, 404],
  [/(^already_|_taken$|_in_use$|_conflict$)/, 409],
];

export function statusOf(code: string): number {
  return STATUS[code] ?? BY_ENDING.find(([pattern]) => pattern.test(code))?.[1] ?? 422;
}

/** What Fastify itself refuses, in our words. */
const FRAMEWORK: Record<number, [code: string, message: string]> = {
  400: ['bad_request', 'The request cannot be read. Send valid JSON.'],
  403: ['not_found', 'There is nothing at this address.'],
  404: ['not_found', 'There is nothing at this address.'],
  413: ['body_too_large', 'That is too much to send at once.'],
  415: ['not_json', 'Send the request as application/json.'],
  429: ['too_many_requests', 'Too many tries. Wait a few minutes, then try again.'],
};

/** Turns whatever was thrown into a status and a body that gives nothing away. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  if (reply.sent) return;
  if (error instanceof AppError) {
    const status = statusOf(error.code);
    if (status >= 500) request.log.error({ err: error }, error.message);
    void reply.code(status).send(bodyOf(error));
    return;
  }
  const status = statusOfThrown(error);
  const known = status < 500 ? (FRAMEWORK[status] ?? FRAMEWORK[400]!) : null;
  if (known) {
    void reply.code(status).send({ code: known[0], message: known[1] } satisfies ErrorBody);
    return;
  }
  request.log.error({ err: error, route: request.routeOptions.url }, messageOf(error));
  void reply.code(500).send({
    code: 'internal',
    message: `Something went wrong here. The log has the details under ${request.id}.`,
    detail: { request_id: request.id },
  } satisfies ErrorBody);
}

/** Values the database cannot take (SQLSTATE class 22: out of range, no such date) are the asker's to correct. */
function statusOfThrown(error: unknown): number {
  const { statusCode, code } = error as Partial<FastifyError>;
  if (statusCode !== undefined) return statusCode;
  return typeof code === 'string' && /^22[0-9A-Z]{3}$/.test(code) ? 400 : 500;
}

function bodyOf(error: AppError): ErrorBody {
  const empty = Object.keys(error.detail).length === 0;
  return { code: error.code, message: error.message, ...(empty ? {} : { detail: error.detail }) };
}
