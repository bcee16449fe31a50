import { Type } from 'typebox';
import type { Static } from 'typebox';
import { nullable } from './notation.ts';

export const Settings = Type.Object({
  workspace_name: Type.String(),
  /** IANA name; days on dashboards begin by it. */
  time_zone: Type.String(),
  /** ISO 4217, lower case; null while it follows the account's own. */
  reporting_currency: nullable(Type.String()),
});
export type Settings = Static<typeof Settings>;

/** PUT /api/settings: only what is given is changed. */
export const SettingsBody = Type.Object({
  workspace_name: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  time_zone: Type.Optional(Type.String({ minLength: 1, maxLength: 60 })),
  reporting_currency: Type.Optional(nullable(Type.String({ pattern: '^[a-z]{3}$' }))),
});
export type SettingsBody = Static<typeof SettingsBody>;
