import { Type } from 'typebox';
import type { Static } from 'typebox';
import { OUTBOX_STATES } from '../../messages/definition.ts';
import { Id, Instant, nullable, oneOf } from './notation.ts';

export const MailState = oneOf(OUTBOX_STATES);
export type MailState = Static<typeof MailState>;

const mail = {
  id: Type.String(),
  person_id: Id,
  email_id: Id,
  email_name: Type.String(),
  class: Type.String(),
  run_id: nullable(Type.String()),
  to_address: Type.String(),
  to_name: Type.String(),
  subject: Type.String(),
  state: MailState,
  /** Its sentence is in RESULT_SENTENCES of messages/definition.ts. */
  result_code: nullable(Type.String()),
  result_detail: nullable(Type.String()),
  attempts: Type.Integer(),
  uncertain_handovers: Type.Integer(),
  message_id: Type.String(),
  created_at: Instant,
  due_at: Instant,
  sent_at: nullable(Instant),
};

/** A mail without its body. */
export const MailRow = Type.Object({
  ...mail,
  person_name: nullable(Type.String()),
  person_email: nullable(Type.String()),
});
export type MailRow = Static<typeof MailRow>;

/** GET /api/outbox/:id, with what was or will be sent. */
export const Mail = Type.Object({ ...mail, html: Type.String(), plain: Type.String() });
export type Mail = Static<typeof Mail>;

export const OutboxPage = Type.Object({
  rows: Type.Array(MailRow),
  next_cursor: nullable(Type.String()),
  /** How many mails there are in each state, over all pages. */
  counts: Type.Record(Type.String(), Type.Integer()),
});
export type OutboxPage = Static<typeof OutboxPage>;

export const OutboxQuery = Type.Object({
  person_id: Type.Optional(Id),
  email_id: Type.Optional(Id),
  state: Type.Optional(MailState),
  cursor: Type.Optional(Type.String({ maxLength: 400 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
});
export type OutboxQuery = Static<typeof OutboxQuery>;

export const MailParams = Type.Object({ id: Type.String({ maxLength: 200 }) });
