import type { ResultCode } from './definition.ts';

/** A mail ready to leave, without any Liquid. Header values hold no line breaks. */
export interface Mail {
  from: string;
  to: { name: string; address: string };
  subject: string;
  html: string;
  plain: string;
  /** With angle brackets. The same mail always carries the same one, so that a receiver can tell a repeat. */
  message_id: string;
  headers: Record<string, string>;
}

export type MailerCode = Extract<ResultCode, 'accepted' | 'bad_address' | `smtp_${string}`>;

export interface MailerResult {
  code: MailerCode;
  /** The server's own words, for the outbox. */
  detail: string | null;
  /** True when the same mail can never be accepted, so that trying again is pointless. */
  permanent: boolean;
}

/** How mail leaves the house. Failures of the outside are results, never throws. */
export interface Mailer {
  send(mail: Mail): Promise<MailerResult>;
  /** Ends idle connections; a conversation in hand is finished first. */
  close(): Promise<void>;
}
