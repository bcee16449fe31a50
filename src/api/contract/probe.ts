import { Type } from 'typebox';
import type { Static } from 'typebox';
import { Json, nullable } from './notation.ts';
import { Mode } from './sources.ts';

/** The account a key belongs to, shown before anything is saved. */
export const ProbeAccount = Type.Object({
  step: Type.Literal('account'),
  account_id: Type.String(),
  name: Type.String(),
  mode: Mode,
  /** What would make it a better key, such as a restricted one; null when it is fine. */
  advice: nullable(Type.String()),
});

/** One permission of the key, in Stripe's own words for its form ("Customers", "Read"). */
export const ProbePermission = Type.Object({
  step: Type.Literal('permission'),
  slug: Type.String(),
  resource: Type.String(),
  label: Type.String(),
  access: Type.String(),
  /** What Headwater reads with it. */
  why: Type.String(),
  granted: Type.Boolean(),
  needed: Type.Boolean(),
});

/** The key cannot be used; nothing follows. */
export const ProbeRefusal = Type.Object({
  step: Type.Literal('refused'),
  code: Type.String(),
  sentence: Type.String(),
  detail: Json,
});

/** The probing is over. `ok` says whether connecting will work. */
export const ProbeDone = Type.Object({ step: Type.Literal('done'), ok: Type.Boolean() });

/** One line of the answer of POST /api/sources/probe (application/x-ndjson). */
export const ProbeStep = Type.Union([ProbeAccount, ProbePermission, ProbeRefusal, ProbeDone]);
export type ProbeStep = Static<typeof ProbeStep>;
