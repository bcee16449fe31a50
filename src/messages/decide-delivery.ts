import type { EmailClass, ResultCode } from './definition.ts';
import type { MailerResult } from './mailer.ts';

/**
 * The one place that says whether a mail may leave. It is asked at the moment of sending, so that an
 * unsubscribe counts even for mail that was queued before it.
 */
export interface DeliveryFacts {
  class: EmailClass;
  to_address: string;
  /** The person's last word on marketing mail; null when they never said anything. */
  consent: 'subscribed' | 'unsubscribed' | null;
  suppressed: boolean;
  has_mailer: boolean;
}

export type DeliveryDecision =
  | { action: 'send' }
  | { action: 'refuse'; state: 'kept' | 'suppressed' | 'failed'; code: ResultCode };

export function decideDelivery(facts: DeliveryFacts): DeliveryDecision {
  if (facts.to_address === '') return { action: 'refuse', state: 'failed', code: 'no_address' };
  if (!isAddress(facts.to_address)) {
    return { action: 'refuse', state: 'failed', code: 'bad_address' };
  }
  // A receipt or a word to the team is no marketing; only marketing needs consent.
  if (facts.class === 'marketing' && facts.consent === 'unsubscribed') {
    return { action: 'refuse', state: 'suppressed', code: 'unsubscribed' };
  }
  // An address that bounced or complained costs the sender's good name, whatever the mail says.
  if (facts.suppressed) return { action: 'refuse', state: 'suppressed', code: 'suppressed' };
  if (!facts.has_mailer) return { action: 'refuse', state: 'kept', code: 'no_mailer' };
  return { action: 'send' };
}

/** One address and nothing else: no list, no name, no space or control character that could start a header. */
export function isAddress(text: string): boolean {
  return (
    text.length <= 254 && /^[^\s<>(),:;"\\[\]\p{Cc}@]+@[^\s<>(),:;"\\[\]\p{Cc}@]+$/u.test(text)
  );
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Pauses after the first, second … failed attempt; two days in all, then it is given up. */
export const RETRY_PAUSES_MS: readonly number[] = [
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  24 * HOUR,
];

export type AttemptDecision =
  | { state: 'sent' }
  | { state: 'failed' }
  | { state: 'waiting'; pause_ms: number };

/** What becomes of a mail after the mail server's answer; `attempts` counts the one just made. */
export function decideAfterAttempt(result: MailerResult, attempts: number): AttemptDecision {
  if (result.code === 'accepted') return { state: 'sent' };
  const pause = RETRY_PAUSES_MS[attempts - 1];
  if (result.permanent || pause === undefined) return { state: 'failed' };
  return { state: 'waiting', pause_ms: pause };
}
