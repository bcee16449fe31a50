import { Type } from 'typebox';
import type { Static } from 'typebox';
import { Id, oneOf } from './notation.ts';

export const NoticeTopic = oneOf([
  'events',
  'marks',
  'sync',
  'source',
  'people',
  'activities',
  'audiences',
  'runs',
  'outbox',
  'metrics',
]);
export type NoticeTopic = Static<typeof NoticeTopic>;

/** One message of GET /api/stream (server-sent events): what to read again. */
export const StreamNotice = Type.Object({
  topic: NoticeTopic,
  source_id: Type.Optional(Id),
});
export type StreamNotice = Static<typeof StreamNotice>;
