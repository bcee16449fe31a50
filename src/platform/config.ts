import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { AppError } from './errors.ts';

export interface Config {
  host: string;
  port: number;
  data_dir: string;
  /** Where the outside world reaches this installation, without a slash at the end. */
  public_url: string;
  secret: string;
  stripe_url: string;
  database_url: string | null;
  smtp_url: string | null;
  mail_from: string;
  /** Share of Stripe's rate limit this installation may use, 0.05 to 1. */
  stripe_share: number;
  /** How long an answer of Stripe may take, milliseconds. */
  stripe_timeout_ms: number;
  log_level: string;
}

interface Setting {
  name: string;
  fallback: string;
  description: string;
}

/** Every environment variable Headwater reads; `docs/settings.md` is this table. */
export const SETTINGS: Setting[] = [
  {
    name: 'HEADWATER_PORT',
    fallback: '4321',
    description: 'Port of the page, the API and the webhook.',
  },
  {
    name: 'HEADWATER_HOST',
    fallback: '127.0.0.1',
    description: 'Address to listen on. Use 0.0.0.0 behind a reverse proxy on another machine.',
  },
  {
    name: 'HEADWATER_DATA_DIR',
    fallback: '.data/headwater',
    description: 'Folder for the embedded database and the generated secret.',
  },
  {
    name: 'HEADWATER_PUBLIC_URL',
    fallback: 'http://127.0.0.1:PORT',
    description:
      'Address under which browsers and Stripe reach Headwater. Live keys need https; a test-mode key accepts loopback http.',
  },
  {
    name: 'HEADWATER_SECRET',
    fallback: 'generated, in DATA_DIR/secret',
    description:
      'At least 32 characters. Encrypts Stripe keys at rest and signs links. Keep it: without it stored keys cannot be read.',
  },
  {
    name: 'HEADWATER_STRIPE_URL',
    fallback: 'https://api.stripe.com',
    description: 'Base address of the Stripe API; the simulator or a test double in its place.',
  },
  {
    name: 'HEADWATER_STRIPE_SHARE',
    fallback: '0.8',
    description:
      "Share of Stripe's rate limit to use, from 0.05 to 1. The rest is left to your own systems.",
  },
  {
    name: 'HEADWATER_STRIPE_TIMEOUT',
    fallback: '60',
    description: 'Seconds to wait for an answer of Stripe before asking again, from 1 to 300.',
  },
  {
    name: 'DATABASE_URL',
    fallback: 'embedded Postgres',
    description:
      'A Postgres 16 or newer to use instead of the embedded one, as postgres://user:password@host:port/database.',
  },
  {
    name: 'SMTP_URL',
    fallback: 'none: mail stays in the outbox',
    description: 'Mail server as smtp://user:password@host:port or smtps://…',
  },
  {
    name: 'HEADWATER_MAIL_FROM',
    fallback: 'Headwater <headwater@localhost>',
    description: 'Sender of all mail.',
  },
  {
    name: 'HEADWATER_LOG_LEVEL',
    fallback: 'info',
    description: 'trace, debug, info, warn, error or silent.',
  },
];

type Env = Record<string, string | undefined>;

/**
 * Reads and checks the settings. Throws one AppError `bad_settings` that names every wrong setting,
 * not only the first. `defaults` lets a command (the demo) choose other fallbacks.
 */
export function loadConfig(env: Env, defaults: Env = {}): Config {
  const problems: string[] = [];
  const read = (name: string): string | undefined => env[name]?.trim() || defaults[name];
  const port = readPort(read('HEADWATER_PORT') ?? '4321', problems);
  const dataDir = path.resolve(read('HEADWATER_DATA_DIR') ?? '.data/headwater');
  const config: Config = {
    host: read('HEADWATER_HOST') ?? '127.0.0.1',
    port,
    data_dir: dataDir,
    public_url: readUrl(
      'HEADWATER_PUBLIC_URL',
      read('HEADWATER_PUBLIC_URL') ?? `http://127.0.0.1:${port}`,
      ['http:', 'https:'],
      problems,
    ),
    secret: '',
    stripe_url: readUrl(
      'HEADWATER_STRIPE_URL',
      read('HEADWATER_STRIPE_URL') ?? 'https://api.stripe.com',
      ['http:', 'https:'],
      problems,
    ),
    database_url: readOptionalUrl(
      'DATABASE_URL',
      read('DATABASE_URL'),
      ['postgres:', 'postgresql:'],
      problems,
    ),
    smtp_url: readOptionalUrl('SMTP_URL', read('SMTP_URL'), ['smtp:', 'smtps:'], problems),
    mail_from: read('HEADWATER_MAIL_FROM') ?? 'Headwater <headwater@localhost>',
    stripe_share: readShare(read('HEADWATER_STRIPE_SHARE') ?? '0.8', problems),
    stripe_timeout_ms: readTimeout(read('HEADWATER_STRIPE_TIMEOUT') ?? '60', problems),
    log_level: readLevel(read('HEADWATER_LOG_LEVEL') ?? 'info', problems),
  };
  const secret = read('HEADWATER_SECRET');
  if (secret !== undefined && secret.length < SHORTEST_SECRET) {
    problems.push(
      `HEADWATER_SECRET has ${secret.length} characters; give it at least 32, or leave it out to have one generated.`,
    );
  }
  if (problems.length > 0) throw new AppError('bad_settings', problems.join('\n'));
  return { ...config, secret: secret ?? loadOrMakeSecret(dataDir) };
}

function readPort(value: string, problems: string[]): number {
  const port = Number(value);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  problems.push(`HEADWATER_PORT is "${value}"; it must be a whole number from 0 to 65535.`);
  return 0;
}

function readShare(value: string, problems: string[]): number {
  const share = Number(value);
  if (share >= 0.05 && share <= 1) return share;
  problems.push(`HEADWATER_STRIPE_SHARE is "${value}"; it must be a number from 0.05 to 1.`);
  return 0.8;
}

function readTimeout(value: string, problems: string[]): number {
  const seconds = Number(value);
  if (seconds >= 1 && seconds <= 300) return seconds * 1000;
  problems.push(`HEADWATER_STRIPE_TIMEOUT is "${value}"; it must be a number from 1 to 300.`);
  return 60_000;
}

function readLevel(value: string, problems: string[]): string {
  const levels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'];
  if (levels.includes(value)) return value;
  problems.push(`HEADWATER_LOG_LEVEL is "${value}"; use one of ${levels.join(', ')}.`);
  return 'info';
}

function readUrl(name: string, value: string, protocols: string[], problems: string[]): string {
  const url = URL.parse(value);
  if (url && protocols.includes(url.protocol)) return value.replace(/\/+$/, '');
  // A URL may carry a password, so the value itself is not repeated.
  problems.push(
    `${name} is not an address that starts with ${protocols.map((p) => `${p}//`).join(' or ')}.`,
  );
  return value;
}

function readOptionalUrl(
  name: string,
  value: string | undefined,
  protocols: string[],
  problems: string[],
): string | null {
  return value === undefined ? null : readUrl(name, value, protocols, problems);
}

const SHORTEST_SECRET = 32;

/** The generated secret: 256 random bits in a file that only its owner may read. */
function loadOrMakeSecret(dataDir: string): string {
  const file = path.join(dataDir, 'secret');
  if (!existsSync(file)) makeSecret(dataDir, file);
  const secret = readFileSync(file, 'utf8').trim();
  if (secret.length >= SHORTEST_SECRET) return secret;
  throw new AppError(
    'bad_settings',
    `${file} holds ${secret.length} characters instead of a secret. Restore it from a backup, or remove it to have a new one made; stored Stripe keys must then be given again.`,
  );
}

/** Written whole under another name first: a process that starts in the same moment must not see half of it. */
function makeSecret(dataDir: string, file: string): void {
  mkdirSync(dataDir, { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    // Another process made it in the same moment: theirs holds.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}
