export { applyEvents } from './apply-events.ts';
export { careForSources } from './care-for-sources.ts';
export { continueSyncs } from './continue-syncs.ts';
export { pollEvents } from './poll-events.ts';
export { recheckPermissions } from './resume-skipped.ts';
export { walkPaymentMethods } from './walk-payment-methods.ts';
