export { NESTED, RESOURCES } from './definition.ts';
export type { Json, Resource } from './definition.ts';
export {
  MOST_ATTEMPTS,
  claimEvents,
  countEvents,
  failEvent,
  finishEvents,
  listFailingEvents,
  listSourcesWithEvents,
  recordEvents,
} from './queries/events.ts';
export type { EventCounts, EventOrigin, StoredEvent } from './queries/events.ts';
export {
  analyzeObjects,
  countObjects,
  findObject,
  findObjects,
  listCustomerObjects,
  listObjects,
} from './queries/reads.ts';
export type { CustomerResource, ObjectPage } from './queries/reads.ts';
export type { FetchedList } from './queries/fetched.ts';
export { nestingOf, readNested } from './save-nested.ts';
export { deleteObjects, saveObjects } from './save-objects.ts';
export type { ObjectChange, SaveObjects, Saved, Sighting, Tie } from './save-objects.ts';
export { isSameJson, toJsonText } from './same-json.ts';
export type { Origin, VersionKind } from './version-guard.ts';
