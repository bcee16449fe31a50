export { ACTIVITY_TYPES, findActivityType } from './definition.ts';
export type {
  ActivityDefinition,
  ActivityName,
  AttributeDefinition,
  AttributeType,
} from './definition.ts';
export { deriveActivities } from './derive-activities.ts';
export type { ActivityDraft } from './activity-draft.ts';
export { countActivitiesByDay, listActivities } from './list-activities.ts';
export type { ActivityQuery, ActivityRow } from './list-activities.ts';
export { movePerson } from './move-person.ts';
export { countActivities } from './queries/read.ts';
export { rebuildTotals } from './queries/write.ts';
export { activityId, recordActivities } from './record-activities.ts';
export type { ActivityToRecord } from './record-activities.ts';
export { removeActivities } from './remove-activities.ts';
export { tellTimed } from './tell-timed.ts';
