import { Type } from 'typebox';
import type { Static } from 'typebox';
import { nullable, oneOf } from './notation.ts';

export const SearchHit = Type.Object({
  kind: oneOf(['person', 'audience', 'dashboard', 'playbook', 'email', 'source']),
  id: Type.Union([Type.Integer(), Type.String()]),
  title: Type.String(),
  subtitle: nullable(Type.String()),
});
export type SearchHit = Static<typeof SearchHit>;

export const SearchResult = Type.Object({ hits: Type.Array(SearchHit) });
export type SearchResult = Static<typeof SearchResult>;

export const SearchQuery = Type.Object({ q: Type.String({ maxLength: 200 }) });
export type SearchQuery = Static<typeof SearchQuery>;
