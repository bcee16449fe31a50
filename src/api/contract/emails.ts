import { Type } from 'typebox';
import type { Static } from 'typebox';
import { EMAIL_CLASSES, PROBLEM_CODES } from '../../messages/definition.ts';
import { Id, Instant, nullable, oneOf } from './notation.ts';

export const EmailClass = oneOf(EMAIL_CLASSES);
export type EmailClass = Static<typeof EmailClass>;

const head = {
  id: Id,
  name: Type.String(),
  class: EmailClass,
  subject: Type.String(),
  template_key: nullable(Type.String()),
  created_at: Instant,
  updated_at: Instant,
};

/** An e-mail in a list, with what became of its mail. */
export const EmailRow = Type.Object({
  ...head,
  sent: Type.Integer(),
  waiting: Type.Integer(),
  kept: Type.Integer(),
});
export type EmailRow = Static<typeof EmailRow>;

export const EmailList = Type.Object({ emails: Type.Array(EmailRow) });
export type EmailList = Static<typeof EmailList>;

/** An e-mail as written (`subject` is Liquid, `source` Liquid in MJML) and as compiled. */
export const Email = Type.Object({
  ...head,
  source: Type.String(),
  html: Type.String(),
  plain: Type.String(),
  archived_at: nullable(Instant),
});
export type Email = Static<typeof Email>;

/** POST /api/emails and PUT /api/emails/:id. What is wrong comes back as `invalid_email` with `detail.problems`. */
export const EmailBody = Type.Object({
  name: Type.String({ maxLength: 400 }),
  class: EmailClass,
  subject: Type.String({ maxLength: 2000 }),
  source: Type.String({ maxLength: 400_000 }),
});
export type EmailBody = Static<typeof EmailBody>;

/** A saved e-mail or one being written, shown as this person would get it. */
export const PreviewEmailBody = Type.Object({
  email_id: Type.Optional(Id),
  draft: Type.Optional(EmailBody),
  person_id: Id,
  /** Which of the person's activities `activity.*` stands for; the latest when left out. */
  activity: Type.Optional(Type.String({ maxLength: 60 })),
});
export type PreviewEmailBody = Static<typeof PreviewEmailBody>;

export const EmailProblem = Type.Object({
  code: oneOf(PROBLEM_CODES),
  field: oneOf(['name', 'class', 'subject', 'source']),
  line: nullable(Type.Integer()),
  column: nullable(Type.Integer()),
  sentence: Type.String(),
});
export type EmailProblem = Static<typeof EmailProblem>;

export const EmailPreview = Type.Union([
  Type.Object({
    ok: Type.Literal(true),
    subject: Type.String(),
    html: Type.String(),
    plain: Type.String(),
    to: Type.Object({ name: nullable(Type.String()), address: nullable(Type.String()) }),
    /** Names the text prints that this person has no value for. */
    missing: Type.Array(Type.String()),
  }),
  Type.Object({ ok: Type.Literal(false), problems: Type.Array(EmailProblem) }),
]);
export type EmailPreview = Static<typeof EmailPreview>;
