export { applyEvents } from './apply-events.ts';
export {
  copyAgain,
  disconnectSource,
  pauseSource,
  replaceKey,
  resumeSource,
  retryWebhook,
} from './change-source.ts';
export { careForSources } from './care-for-sources.ts';
export { checkPermissions } from './check-permissions.ts';
export { checkSource } from './light-check/check-source.ts';
export { connectSource } from './connect-source.ts';
export type { Connected } from './connect-source.ts';
export { continueSyncs } from './continue-syncs.ts';
export { PERMISSIONS, SOURCE_STATES, keyFormUrl } from './definition.ts';
export type { Mode, Permission, SourceState } from './definition.ts';
export { editSource } from './edit-source.ts';
export type { SourceEdit } from './edit-source.ts';
export {
  beginRemoval,
  finishRemoval,
  listOpenRemovals,
  readRemoval,
  saveRemoval,
  whileAtRest,
} from './remove-source.ts';
export type { Keep, SourceRemoval } from './remove-source.ts';
export { pollEvents } from './poll-events.ts';
export { probeKey } from './probe-key.ts';
export type { Probe, ProbeStep } from './probe-key.ts';
export { listChecks } from './queries/checks.ts';
export type { SourceCheck } from './queries/checks.ts';
export { listSourceEvents, retrySource } from './retry-source.ts';
export { getSource, listSources } from './source-view.ts';
export type { SourceView, WebhookHealth } from './source-view.ts';
export { isCopying } from './queries/runs.ts';
export { listRestingSources } from './queries/sources.ts';
export { getSyncProgress } from './sync-progress.ts';
export type { ResourceProgress, SyncProgress } from './sync-progress.ts';
export { answerPing, checkAddress } from './webhook/check-address.ts';
export type { AddressCheck } from './webhook/check-address.ts';
export { rotateSecret } from './webhook/rotate-secret.ts';
export { countInHand as countEventsInHand } from './webhook/in-hand.ts';
export { recheckPermissions } from './resume-skipped.ts';
export { walkPaymentMethods } from './walk-payment-methods.ts';
export { receiveWebhook } from './webhook/receive-webhook.ts';
export type { ReceiveCode } from './webhook/receive-webhook.ts';
