/** A failure the reader is told about: `code` for the program, `message` as one plain sentence. */
export class RequestError extends Error {
  readonly code: string;
  readonly status: number;
  readonly detail: unknown;

  constructor(code: string, sentence: string, status: number, detail?: unknown) {
    super(sentence);
    this.name = 'RequestError';
    this.code = code;
    this.status = status;
    this.detail = detail;
  }
}

let csrfToken: string | null = null;

/** The token of the current session; every request that changes something carries it. */
export function setCsrfToken(token: string | null): void {
  csrfToken = token;
}

type Query = Record<string, string | number | boolean | null | undefined>;

/** Path and query with the empty values left out. */
export function withQuery(path: string, query: Query = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') params.set(name, String(value));
  }
  const text = params.toString();
  return text ? `${path}?${text}` : path;
}

interface RequestOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  body?: unknown;
  query?: Query;
  signal?: AbortSignal;
}

/** The one way to the server. Answers the parsed JSON, or throws a RequestError with a sentence. */
export async function request<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const response = await send(path, options);
  const text = await response.text();
  return (text ? JSON.parse(text) : undefined) as T;
}

/** Like `request`, for an answer that comes line by line: each line is handed over as it arrives. */
export async function requestLines<T>(
  path: string,
  options: RequestOptions,
  onLine: (line: T) => void,
): Promise<void> {
  const response = await send(path, options);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  while (reader) {
    const { done, value } = await reader.read();
    const lines = (rest + (value ?? '')).split('\n');
    rest = done ? '' : (lines.pop() ?? '');
    for (const line of lines) if (line.trim()) onLine(JSON.parse(line) as T);
    if (done) return;
  }
}

async function send(path: string, options: RequestOptions): Promise<Response> {
  const method = options.method ?? 'GET';
  const headers: Record<string, string> = { accept: 'application/json' };
  if (options.body !== undefined) headers['content-type'] = 'application/json';
  if (method !== 'GET' && csrfToken) headers['x-csrf-token'] = csrfToken;
  let response: Response;
  try {
    response = await fetch(withQuery(`/api${path}`, options.query), {
      method,
      headers,
      credentials: 'same-origin',
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
      signal: options.signal,
    });
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw new RequestError(
      'unreachable',
      'Headwater does not answer. Check that it is running, then try again.',
      0,
    );
  }
  if (!response.ok) throw await readFailure(response);
  return response;
}

interface FailureBody {
  code?: string;
  sentence?: string;
  message?: string;
  detail?: unknown;
}

/** The server says `{code, sentence, detail?}`, bare or under `error`. */
async function readFailure(response: Response): Promise<RequestError> {
  let body: FailureBody & { error?: FailureBody | string } = {};
  try {
    body = (await response.json()) as typeof body;
  } catch {
    // A proxy in between answers with text; the status says enough then.
  }
  const inner: FailureBody = typeof body.error === 'object' ? body.error : body;
  return new RequestError(
    inner.code ?? `status_${response.status}`,
    inner.sentence ?? inner.message ?? `The server answered ${response.status}. Try again.`,
    response.status,
    inner.detail,
  );
}

/** The field a refusal is about, where the server names one, as in the code `bad_time_zone`. */
export function faultyField(error: unknown): string | null {
  if (!(error instanceof RequestError)) return null;
  const detail = (error.detail ?? {}) as { field?: unknown; fields?: { field?: unknown }[] };
  const field = detail.field ?? detail.fields?.[0]?.field ?? /^bad_(.+)/.exec(error.code)?.[1];
  return typeof field === 'string' && field !== '' ? field : null;
}

/** The sentence of any failure, for the reader. */
export function sentenceOf(error: unknown): string {
  if (error instanceof RequestError) return error.message;
  return 'Something went wrong on this page. Reload it and try again.';
}
