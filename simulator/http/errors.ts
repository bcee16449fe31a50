/** An answer in Stripe's error shape. */
export class ApiError extends Error {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: { error: Record<string, string> };

  constructor(
    status: number,
    error: { type?: string; code?: string; message: string; param?: string },
    headers: Record<string, string> = {},
  ) {
    super(error.message);
    this.status = status;
    this.headers = headers;
    this.body = { error: { type: 'invalid_request_error', ...error } };
  }
}

export const missing = (what: string, id: string, status = 404, param = 'id'): ApiError =>
  new ApiError(status, { code: 'resource_missing', message: `No such ${what}: '${id}'`, param });

export const unknownParameter = (name: string): ApiError =>
  new ApiError(400, {
    code: 'parameter_unknown',
    message: `Received unknown parameter: ${name}`,
    param: name,
  });
