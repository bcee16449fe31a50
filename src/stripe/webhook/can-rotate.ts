import type { Source } from '../queries/sources.ts';

/** Whether there is an endpoint of ours whose secret could be replaced, and no replacement under way. */
export function canRotate(source: Source): boolean {
  const following =
    source.state === 'live' || source.state === 'degraded' || source.state === 'syncing';
  const status = source.state_detail.webhook?.status;
  return (
    following &&
    source.webhook_endpoint_id !== null &&
    source.webhook_previous_endpoint_id === null &&
    (status === 'ok' || status === 'silent')
  );
}
