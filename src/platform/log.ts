import { pino } from 'pino';
import type { Logger } from 'pino';

export type Log = Logger;

// Values that must never reach a log line, wherever they sit in the object.
const SECRET_PATHS = ['key', 'secret', 'password', 'token', 'authorization', 'cookie'].flatMap(
  (name) => [name, `*.${name}`, `*.*.${name}`],
);

/** JSON lines on stderr, so that stdout stays free for what a command prints. */
export function createLog(level: string): Log {
  return pino(
    { level, redact: { paths: SECRET_PATHS, censor: '[hidden]' }, base: null },
    pino.destination({ dest: 2, sync: true }),
  );
}
