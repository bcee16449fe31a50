import { Type } from 'typebox';
import type { Static } from 'typebox';
import type { Definition } from '../../audiences/definition.ts';
import { Id, Instant, nullable, oneOf } from './notation.ts';
import { PersonRow } from './person-row.ts';

/** The tree of conditions. The room checks it and says in sentences what is wrong, so here it is open. */
export const AudienceDefinition = Type.Unsafe<Definition>(
  Type.Unknown({ description: 'all, any, not, or a condition on a field or an activity' }),
);

export const AudienceRow = Type.Object({
  id: Id,
  name: Type.String(),
  description: Type.String(),
  definition: AudienceDefinition,
  /** The definition in plain English. */
  sentence: Type.String(),
  state: oneOf(['live', 'archived']),
  template_key: nullable(Type.String()),
  /** When everybody was last asked; null while a new or changed definition waits for that. */
  built_at: nullable(Instant),
  created_at: Instant,
  updated_at: Instant,
  /** How many people are in it now. */
  size: Type.Integer(),
});
export type AudienceRow = Static<typeof AudienceRow>;

export const AudienceList = Type.Object({ audiences: Type.Array(AudienceRow) });
export type AudienceList = Static<typeof AudienceList>;

/** GET /api/audiences/:id */
export const Audience = AudienceRow;
export type Audience = AudienceRow;

/** POST /api/audiences and PUT /api/audiences/:id */
export const AudienceBody = Type.Object({
  name: Type.String({ maxLength: 400 }),
  description: Type.Optional(Type.String({ maxLength: 2000 })),
  definition: AudienceDefinition,
});
export type AudienceBody = Static<typeof AudienceBody>;

/** With `exact: false` only the estimate is made, which is quick enough for every key stroke. */
export const PreviewAudienceBody = Type.Object({
  definition: AudienceDefinition,
  exact: Type.Optional(Type.Boolean()),
});
export type PreviewAudienceBody = Static<typeof PreviewAudienceBody>;

export const AudiencePreview = Type.Object({
  sentence: Type.String(),
  /** From one sixteenth of the people. */
  estimate: Type.Integer(),
  /** Null when only the estimate was asked for. */
  count: nullable(Type.Integer()),
  sample: Type.Array(
    Type.Object({
      person_id: Id,
      email: nullable(Type.String()),
      name: nullable(Type.String()),
    }),
  ),
  /** What the database is asked. */
  sql: Type.Object({ text: Type.String(), values: Type.Array(Type.Unknown()) }),
});
export type AudiencePreview = Static<typeof AudiencePreview>;

/** A person who is in the audience now, as people lists show them. */
export const Member = Type.Interface([PersonRow], { entered_at: Instant });
export type Member = Static<typeof Member>;

export const MemberPage = Type.Object({
  rows: Type.Array(Member),
  next_cursor: nullable(Type.String()),
  total: Type.Integer(),
});
export type MemberPage = Static<typeof MemberPage>;

export const MemberQuery = Type.Object({
  cursor: Type.Optional(Type.String({ maxLength: 400 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
});
export type MemberQuery = Static<typeof MemberQuery>;

/** One part of the definition with its answer for one person. */
export type Explanation =
  | { kind: 'all' | 'any' | 'not'; matches: boolean; parts: Explanation[] }
  | {
      kind: 'condition';
      matches: boolean;
      /** What is asked. */
      sentence: string;
      /** What is so. */
      actual: string;
      next_change_at: Instant | null;
    };

/** GET /api/audiences/:id/why/:person_id */
export const Why = Type.Object({
  audience_id: Id,
  person_id: Id,
  matches: Type.Boolean(),
  member_since: nullable(Instant),
  /** When the answer may change although nothing happens; null when time alone changes nothing. */
  next_change_at: nullable(Instant),
  explanation: Type.Unsafe<Explanation>(
    Type.Unknown({
      description:
        '{kind: all|any|not, matches, parts} or {kind: condition, matches, sentence, actual, next_change_at}',
    }),
  ),
});
export type Why = Static<typeof Why>;

export const WhyParams = Type.Object({ id: Id, person_id: Id });
