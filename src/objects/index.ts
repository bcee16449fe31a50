export { NESTINGS, RESOURCES, hasCustomer, nestingOf } from './definition.ts';
export type { CustomerResource, Json, Nesting, Resource } from './definition.ts';
export {
  MOST_ATTEMPTS,
  claimEvents,
  countEvents,
  failEvent,
  finishEvents,
  listFailingEvents,
  listSourcesWithEvents,
  recordEventTexts,
  recordEvents,
} from './queries/events.ts';
export type { EventCounts, EventOrigin, EventText, StoredEvent } from './queries/events.ts';
export { measureDeliveries } from './queries/deliveries.ts';
export { listTroubledEvents, retryTroubledEvents } from './queries/failed-events.ts';
export type { EventTrouble, TroubledEvent } from './queries/failed-events.ts';
export {
  analyzeObjects,
  countObjects,
  findObject,
  findObjects,
  listCustomerFields,
  listCustomerObjects,
  listObjects,
  listOlderOf,
} from './queries/reads.ts';
export type { FetchedList } from './queries/fetched.ts';
export type { ObjectPage } from './queries/reads.ts';
export { readNested } from './save-nested.ts';
export { listUnseen } from './queries/unseen.ts';
export type { Unseen } from './queries/unseen.ts';
export { deleteRowsOf } from './queries/remove.ts';
export { deleteObjects, saveObjects } from './save-objects.ts';
export type { ObjectChange, SaveObjects, Saved, Sighting, Tie } from './save-objects.ts';
export { isSameJson, toJsonText } from './same-json.ts';
export { overlay } from './version-guard.ts';
export type { Origin, VersionKind } from './version-guard.ts';
export { upgradeEvent } from './shapes/upgrade-event.ts';
export { isCurrentShape, upgradeObject, upgradePrevious } from './shapes/upgrade-object.ts';
export { isKnownVersion } from './shapes/versions.ts';
