export { applyEvents } from './apply-events.ts';
export { continueSyncs } from './continue-syncs.ts';
export { pollEvents } from './poll-events.ts';
