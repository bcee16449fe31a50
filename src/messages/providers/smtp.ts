import { createTransport } from 'nodemailer';
import { messageOf } from '../../platform/index.ts';
import type { Mail, Mailer, MailerCode, MailerResult } from '../mailer.ts';

// A server that answers byte by byte would never run into an idle timeout, so the whole conversation has one.
// It must stay well below the outbox's lease, or a second worker would take the mail meanwhile.
const SEND_DEADLINE_MS = 120_000;
const CONNECT_TIMEOUT_MS = 15_000;
const SILENCE_TIMEOUT_MS = 45_000;
const CONNECTIONS = 5;
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Sends by SMTP, `smtp_url` being smtp://user:password@host:port or smtps://…; connections are pooled. */
export function createSmtpMailer(config: { smtp_url: string | null }): Mailer {
  const url = new URL(config.smtp_url ?? 'smtp://127.0.0.1');
  const secure = url.protocol === 'smtps:';
  const login = url.username !== '';
  const transport = createTransport({
    pool: true,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port || (secure ? 465 : 587)),
    secure,
    // A password leaves this machine only through TLS.
    requireTLS: login && !secure && !LOOPBACK.has(url.hostname),
    auth: login
      ? { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) }
      : undefined,
    maxConnections: CONNECTIONS,
    // By default a mail whose connection broke is sent again on the spot. Whether and when to repeat is the outbox's to decide.
    maxRequeues: 0,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: SILENCE_TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send(mail) {
      try {
        const info = await transport.sendMail(toMessage(mail));
        return { code: 'accepted', detail: info.response ?? null, permanent: false };
      } catch (error) {
        return explainFailure(error);
      }
    },
    async close() {
      transport.close();
    },
  };
}

function toMessage(mail: Mail): Parameters<ReturnType<typeof createTransport>['sendMail']>[0] {
  return {
    from: mail.from,
    to: { name: mail.to.name, address: mail.to.address },
    subject: mail.subject,
    html: mail.html,
    text: mail.plain,
    messageId: mail.message_id,
    headers: mail.headers,
    signal: AbortSignal.timeout(SEND_DEADLINE_MS),
  };
}

interface SmtpError {
  code?: string;
  command?: string;
  responseCode?: number;
  response?: string;
}

const CODES: Record<string, MailerCode> = {
  EAUTH: 'smtp_login',
  ENOAUTH: 'smtp_login',
  EOAUTH2: 'smtp_login',
  ETLS: 'smtp_tls',
  EREQUIRETLS: 'smtp_tls',
  ETIMEDOUT: 'smtp_timeout',
  EABORT: 'smtp_timeout',
  EDNS: 'smtp_unreachable',
};

/** Every way nodemailer can fail, as one of our codes. Unknown ones count as passing trouble. */
export function explainFailure(error: unknown): MailerResult {
  const { code = '', command = '', responseCode = 0, response } = error as SmtpError;
  const detail = (response ?? messageOf(error)).slice(0, 500);
  const known = CODES[code];
  if (known) return { code: known, detail, permanent: false };
  const temporary = responseCode >= 400 && responseCode < 500;
  if (temporary) return { code: 'smtp_busy', detail, permanent: false };
  // 503 means the conversation was in the wrong state, not that the mail was refused.
  const refused = responseCode >= 500 && responseCode !== 503;
  if (refused && command === 'RCPT TO') {
    return { code: 'smtp_address_refused', detail, permanent: true };
  }
  // A refused sender is a matter of settings: once they are right, the mail can still go.
  if (refused) return { code: 'smtp_refused', detail, permanent: command !== 'MAIL FROM' };
  if (code === 'EENVELOPE') return { code: 'bad_address', detail, permanent: true };
  const unconnected = (code === 'ESOCKET' || code === 'ECONNECTION') && command === 'CONN';
  return { code: unconnected ? 'smtp_unreachable' : 'smtp_broken', detail, permanent: false };
}
