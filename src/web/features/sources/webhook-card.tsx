import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { SourceDetail } from '../../../api/contract/sources.ts';
import { formatCounted, formatDuration } from '../../lib/format.ts';
import { Ago, Card, CopyId, Facts, Note, say, sayFailure } from '../../ui/index.ts';
import { Button } from '../../ui/kit.ts';
import { actOnSource } from './api.ts';
import styles from './sources.module.css';

/** How Stripe tells of changes: the webhook, or polling while there is none. */
export function WebhookCard({ detail }: { detail: SourceDetail }) {
  const { source, health } = detail;
  return (
    <Card title="Connection">
      {source.state === 'webhook_full' && <WebhookFull detail={detail} />}
      <Facts
        facts={[
          [
            'Webhook',
            source.webhook_endpoint_id ? (
              <CopyId key="w" id={source.webhook_endpoint_id} />
            ) : (
              'None: changes are polled'
            ),
          ],
          ['Last webhook', <Ago key="l" at={health.last_webhook_at} />],
          ['Last event', <Ago key="e" at={health.last_event_at} />],
          ['Waiting', describeQueue(health)],
          [
            'Polled until',
            source.events_polled_until && <Ago key="p" at={source.events_polled_until} />,
          ],
          ['Key', <code key="k">{source.key_hint}</code>],
          ['Account', source.account_id && <CopyId key="a" id={source.account_id} />],
          ['Time zone', source.time_zone],
          ['Currency', source.default_currency?.toUpperCase()],
          ['Connected', <Ago key="c" at={source.connected_at} />],
        ]}
      />
    </Card>
  );
}

/** All endpoints of the account are taken: which they are, and the way on. */
function WebhookFull({ detail }: { detail: SourceDetail }) {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const taken = detail.source.state_detail.webhook?.endpoints ?? [];
  const retry = async (): Promise<void> => {
    setBusy(true);
    try {
      await actOnSource(detail.source.id, 'webhook');
      await client.invalidateQueries({ queryKey: ['sources'] });
      say('Asked Stripe again.');
    } catch (error) {
      sayFailure(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div style={{ marginBottom: 14 }}>
      <Note tone="warn" title="All webhook endpoints of this account are taken">
        Remove one in Stripe under Developers → Webhooks, then try again. Until then Headwater asks
        Stripe for new events itself, a little later than a webhook would tell.
        {taken.length > 0 && (
          <ul className={styles.endpoints}>
            {taken.map((endpoint) => (
              <li key={endpoint.id}>{endpoint.url}</li>
            ))}
          </ul>
        )}
        <div style={{ marginTop: 8 }}>
          <Button loading={busy} onClick={() => void retry()}>
            Try again
          </Button>
        </div>
      </Note>
    </div>
  );
}

/** Events that arrived and are not applied yet. */
function describeQueue({ events_waiting, lag_s }: SourceDetail['health']): string {
  if (events_waiting === 0) return 'Nothing';
  return `${formatCounted(events_waiting, 'event', 'events')}, the oldest for ${formatDuration(lag_s)}`;
}
