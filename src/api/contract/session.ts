import { Type } from 'typebox';
import type { Static } from 'typebox';
import { nullable, oneOf } from './notation.ts';

export const Role = oneOf(['owner', 'member']);
export type Role = Static<typeof Role>;

export const User = Type.Object({
  id: Type.String(),
  name: Type.String(),
  email: Type.String(),
  role: Role,
});
export type User = Static<typeof User>;

export const Workspace = Type.Object({
  workspace_name: Type.String(),
  time_zone: Type.String(),
  reporting_currency: nullable(Type.String()),
});
export type Workspace = Static<typeof Workspace>;

/** GET, POST and DELETE /api/session and POST /api/setup all answer with it. */
export const Session = Type.Object({
  user: nullable(User),
  /** Nobody can sign in yet: show the set-up form. */
  setup_needed: Type.Boolean(),
  /** To be sent as `x-csrf-token` with everything that changes something. */
  csrf_token: nullable(Type.String()),
  workspace: Workspace,
  demo: Type.Boolean(),
});
export type Session = Static<typeof Session>;

const Email = Type.String({ minLength: 3, maxLength: 254 });
const Password = Type.String({ minLength: 1, maxLength: 512 });

export const SignInBody = Type.Object({ email: Email, password: Password });
export type SignInBody = Static<typeof SignInBody>;

export const SetupBody = Type.Object({
  token: Type.String({ minLength: 1, maxLength: 200 }),
  name: Type.String({ minLength: 1, maxLength: 200 }),
  email: Email,
  password: Password,
});
export type SetupBody = Static<typeof SetupBody>;
