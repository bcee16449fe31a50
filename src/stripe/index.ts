export { applyEvents } from './apply-events.ts';
export {
  copyAgain,
  disconnectSource,
  pauseSource,
  replaceKey,
  resumeSource,
  retryWebhook,
} from './change-source.ts';
export { connectSource } from './connect-source.ts';
export type { Connected } from './connect-source.ts';
export { continueSyncs } from './continue-syncs.ts';
export { PERMISSIONS, SOURCE_STATES, keyFormUrl } from './definition.ts';
export type { Mode, Permission, SourceState } from './definition.ts';
export { pollEvents } from './poll-events.ts';
export { probeKey } from './probe-key.ts';
export type { Probe, ProbeStep } from './probe-key.ts';
export { getSource, listSources } from './source-view.ts';
export type { SourceView, WebhookHealth } from './source-view.ts';
export { isCopying } from './queries/runs.ts';
export { getSyncProgress } from './sync-progress.ts';
export type { ResourceProgress, SyncProgress } from './sync-progress.ts';
export { receiveWebhook } from './webhook/receive-webhook.ts';
export type { ReceiveCode } from './webhook/receive-webhook.ts';
