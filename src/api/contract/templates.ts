import { Type } from 'typebox';
import type { Static } from 'typebox';
import { Id, Instant, nullable, oneOf } from './notation.ts';

export const Template = Type.Object({
  key: Type.String(),
  kind: oneOf(['audience', 'dashboard', 'email', 'playbook']),
  name: Type.String(),
  description: Type.String(),
  state: oneOf(['available', 'installed', 'removed']),
  installed_at: nullable(Instant),
  /** The row it became. */
  subject_id: nullable(Id),
});
export type Template = Static<typeof Template>;

export const TemplateList = Type.Object({ templates: Type.Array(Template) });
export type TemplateList = Static<typeof TemplateList>;

export const TemplateParams = Type.Object({ key: Type.String({ maxLength: 100 }) });
