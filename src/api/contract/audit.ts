import { Type } from 'typebox';
import type { Static } from 'typebox';
import { Id, Instant, Json, nullable } from './notation.ts';

export const AuditEntry = Type.Object({
  id: Id,
  at: Instant,
  user_id: nullable(Type.String()),
  user_name: nullable(Type.String()),
  /** `source.connected`, `playbook.switched`, … */
  action: Type.String(),
  subject: nullable(Type.String()),
  detail: Json,
});
export type AuditEntry = Static<typeof AuditEntry>;

export const AuditPage = Type.Object({
  rows: Type.Array(AuditEntry),
  next_before: nullable(Id),
});
export type AuditPage = Static<typeof AuditPage>;

export const AuditQuery = Type.Object({
  before: Type.Optional(Id),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
});
export type AuditQuery = Static<typeof AuditQuery>;
