import { Type } from 'typebox';
import type { Static } from 'typebox';
import { Json } from './notation.ts';

/**
 * The body of every answer that is not a success. `code` is stable, `message` a plain sentence for
 * the reader; `detail` names what it is about, such as the fields that are wrong.
 */
export const ErrorBody = Type.Object({
  code: Type.String(),
  message: Type.String(),
  detail: Type.Optional(Json),
});
export type ErrorBody = Static<typeof ErrorBody>;
