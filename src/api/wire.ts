import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyTypeProvider,
  RawServerDefault,
} from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Static, TSchema } from 'typebox';

/**
 * What a handler may return where the contract says `S`: an instant may still be a Date, which JSON
 * writes as the ISO string the contract names. Everything else must fit as it is.
 */
export type Sendable<S> = S extends string
  ? string extends S
    ? string | Date
    : S
  : S extends number | boolean | null | undefined
    ? S
    : S extends readonly (infer Item)[]
      ? readonly Sendable<Item>[]
      : S extends object
        ? { [Key in keyof S]: Sendable<S[Key]> }
        : S;

/** Types parameters, query, body and answer of a route by its contract. */
interface ContractTypes extends FastifyTypeProvider {
  validator: this['schema'] extends TSchema ? Static<this['schema']> : unknown;
  serializer: this['schema'] extends TSchema ? Sendable<Static<this['schema']>> : unknown;
}

export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ContractTypes
>;
