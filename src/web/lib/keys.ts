import type { NoticeTopic } from '../../api/contract/notices.ts';

/** First part of every query key: what kind of thing was asked for. */
export type Asked =
  | 'session'
  | 'sources'
  | 'people'
  | 'person'
  | 'dashboards'
  | 'audiences'
  | 'playbooks'
  | 'runs'
  | 'emails'
  | 'outbox'
  | 'templates'
  | 'settings'
  | 'audit'
  | 'search';

/** What a notice of the server makes stale. */
export const STALE: Record<NoticeTopic, readonly Asked[]> = {
  events: ['sources'],
  marks: [],
  sync: ['sources'],
  source: ['sources', 'audit', 'templates'],
  people: ['people', 'person'],
  activities: ['person', 'sources'],
  audiences: ['audiences', 'person'],
  runs: ['playbooks', 'runs', 'person'],
  outbox: ['outbox', 'person'],
  metrics: ['dashboards', 'person', 'people'],
};
