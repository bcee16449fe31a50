import type { ActivityQuery } from './contract/activities.ts';

/** The query of an activity page as the activities room takes it. */
export function readActivityQuery({ types, before_at, before_id, limit }: ActivityQuery) {
  return {
    ...(types ? { types: types.split(',').filter(Boolean) } : {}),
    ...(before_at && before_id !== undefined
      ? { before: { occurred_at: new Date(before_at), id: before_id } }
      : {}),
    ...(limit === undefined ? {} : { limit }),
  };
}
