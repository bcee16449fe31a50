/**
 * A failure that a person can do something about. `code` is stable and snake_case, `message` is a
 * plain sentence that says what is wrong and what to do next. Anything else that throws is a bug.
 */
export class AppError extends Error {
  readonly code: string;
  readonly detail: Record<string, unknown>;

  constructor(
    code: string,
    message: string,
    options: { detail?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.detail = options.detail ?? {};
  }
}

/** The sentence of any thrown value, for logs and stored failures. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
