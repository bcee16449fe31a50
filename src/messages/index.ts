export {
  EMAIL_CLASSES,
  EmailDraft,
  OUTBOX_STATES,
  PROBLEM_CODES,
  RESULT_SENTENCES,
  VARIABLES,
} from './definition.ts';
export type { EmailClass, OutboxState, Problem, ResultCode, Variable } from './definition.ts';
export type { Mail, Mailer, MailerCode, MailerResult } from './mailer.ts';
export { createSmtpMailer } from './providers/smtp.ts';
export { previewEmail } from './preview-email.ts';
export type { Preview } from './preview-email.ts';
export { listSuppressions } from './queries/consents.ts';
export type { Suppression } from './queries/consents.ts';
export { findEmails, listEmails } from './queries/emails.ts';
export type { EmailListRow, EmailRow } from './queries/emails.ts';
export { countOutbox, getOutboxMail, listOutbox } from './queries/list-outbox.ts';
export type { OutboxFilter, OutboxListRow, OutboxMail, OutboxPage } from './queries/list-outbox.ts';
export { getEmail, removeEmail, saveEmail } from './save-email.ts';
export type { SaveEmailOutcome } from './save-email.ts';
export { sendDueMail } from './send-due-mail.ts';
export { sendAllLater, sendLater } from './send-later.ts';
export type { MailRequest, MailRequestOutcome } from './send-later.ts';
export { liftSuppression, suppressAddress } from './suppress.ts';
export { describeUnsubscribe, resubscribe, unsubscribe, unsubscribeToken } from './unsubscribe.ts';
export type { UnsubscribeView } from './unsubscribe.ts';
export type { ActivityFacts } from './variables.ts';
export { forgetMailOf } from './queries/remove.ts';
