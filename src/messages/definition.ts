import { Type } from 'typebox';
import type { Static } from 'typebox';

/**
 * What an author can write: an e-mail in Liquid and MJML, and the variables it may use. Safe in a
 * browser, so that the editor completes and explains with the same lists.
 */
export const EMAIL_CLASSES = ['marketing', 'transactional', 'internal'] as const;
export type EmailClass = (typeof EMAIL_CLASSES)[number];

export const EmailDraft = Type.Object({
  id: Type.Optional(Type.Integer()),
  name: Type.String({ minLength: 1, maxLength: 200 }),
  class: Type.Union([
    Type.Literal('marketing'),
    Type.Literal('transactional'),
    Type.Literal('internal'),
  ]),
  subject: Type.String({ minLength: 1, maxLength: 1_000 }),
  source: Type.String({ minLength: 1, maxLength: 400_000 }),
});
/** An e-mail as its author writes it. With `id` it replaces that e-mail, without it is a new one. */
export type EmailDraft = Static<typeof EmailDraft>;

export interface Variable {
  path: string;
  label: string;
  /** What it may look like, for the editor. */
  example: string;
}

/** Everything a tag may name. `activity.*` also holds the attributes of the activity that let the person in. */
export const VARIABLES: readonly Variable[] = [
  { path: 'person.first_name', label: 'First name', example: 'Ada' },
  { path: 'person.name', label: 'Full name', example: 'Ada Lovelace' },
  { path: 'person.email', label: 'E-mail address', example: 'ada@example.com' },
  { path: 'person.country', label: 'Country code', example: 'GB' },
  { path: 'person.created_at', label: 'Customer since', example: '2026-01-31T09:00:00.000Z' },
  { path: 'subscription.status', label: 'Subscription status', example: 'active' },
  { path: 'subscription.plan', label: 'Plan', example: 'Team' },
  { path: 'subscription.currency', label: 'Currency', example: 'eur' },
  { path: 'subscription.mrr', label: 'MRR', example: '€49.00' },
  { path: 'subscription.mrr_minor', label: 'MRR in minor units', example: '4900' },
  { path: 'subscription.lifetime_paid', label: 'Paid so far', example: '€588.00' },
  { path: 'subscription.lifetime_paid_minor', label: 'Paid so far, minor units', example: '58800' },
  { path: 'subscription.trial_ends_at', label: 'Trial ends', example: '2026-03-14T09:00:00.000Z' },
  { path: 'subscription.renews_at', label: 'Renews', example: '2026-04-01T09:00:00.000Z' },
  { path: 'subscription.first_paid_at', label: 'First paid', example: '2026-02-01T09:00:00.000Z' },
  { path: 'subscription.last_paid_at', label: 'Last paid', example: '2026-03-01T09:00:00.000Z' },
  { path: 'activity.name', label: 'Activity', example: 'subscription_started' },
  { path: 'activity.occurred_at', label: 'When it happened', example: '2026-03-01T09:00:00.000Z' },
  { path: 'activity.amount', label: 'Amount', example: '€49.00' },
  { path: 'activity.amount_minor', label: 'Amount in minor units', example: '4900' },
  { path: 'activity.currency', label: 'Currency of the amount', example: 'eur' },
  { path: 'workspace.name', label: 'Name of your workspace', example: 'Acme' },
  { path: 'unsubscribe_url', label: 'Unsubscribe link', example: 'https://…/unsubscribe/…' },
];

export const PROBLEM_CODES = [
  'bad_draft',
  'smart_quotes',
  'bad_liquid',
  'unknown_variable',
  'bad_mjml',
  'lost_tag',
  'no_unsubscribe',
] as const;

/** Something that keeps an e-mail from being saved or previewed, where it is, and what to do about it. */
export interface Problem {
  code: (typeof PROBLEM_CODES)[number];
  field: 'name' | 'class' | 'subject' | 'source';
  /** Both from 1; null when it concerns the whole field. */
  line: number | null;
  column: number | null;
  sentence: string;
}

export const OUTBOX_STATES = [
  'waiting',
  'leased',
  'handing_over',
  'sent',
  'kept',
  'suppressed',
  'failed',
] as const;
export type OutboxState = (typeof OUTBOX_STATES)[number];

/** Every way a mail can end or pause, with the sentence the outbox shows. */
export const RESULT_SENTENCES = {
  accepted: 'Accepted by the mail server.',
  no_mailer: 'No mail server is set, so it was kept here. Set SMTP_URL to send the next ones.',
  unsubscribed: 'Not sent: this person unsubscribed.',
  suppressed:
    'Not sent: mail to this address bounced, was complained about, or was stopped by hand.',
  no_address: 'Not sent: this person has no e-mail address.',
  bad_address: 'Not sent: the e-mail address is not one a mail server takes. Correct it in Stripe.',
  render_failed: 'Not sent: the e-mail could not be filled in for this person.',
  smtp_unreachable: 'The mail server could not be reached. Check SMTP_URL.',
  smtp_timeout: 'The mail server did not answer in time.',
  smtp_tls: 'No secure connection to the mail server could be made. Check its certificate.',
  smtp_login: 'The mail server refused the user or the password in SMTP_URL.',
  smtp_busy: 'The mail server asked to try again later.',
  smtp_address_refused: 'The mail server refused the address.',
  smtp_refused: 'The mail server refused the mail.',
  smtp_broken: 'The conversation with the mail server broke off.',
} as const;
export type ResultCode = keyof typeof RESULT_SENTENCES;
