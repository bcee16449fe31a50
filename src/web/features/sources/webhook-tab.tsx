import type { Source } from '../../../api/contract/sources.ts';
import { formatCount, formatDuration, formatMilliseconds } from '../../lib/format.ts';
import { Ago, Column, Figure, Figures, Note } from '../../ui/index.ts';
import { FailedEvents } from './failed-events.tsx';
import { isConnected } from './source-status.tsx';
import { TakenEndpoints } from './taken-endpoints.tsx';
import { useSource } from './here.tsx';
import { WebhookAddress } from './webhook-address.tsx';

/** How news of the account arrive, how fast, and what became of them. */
export function WebhookTab() {
  const { source } = useSource();
  return (
    <Column>
      {source.state === 'webhook_full' ? (
        <TakenEndpoints source={source} />
      ) : (
        <Following source={source} />
      )}
      <Health source={source} />
      <WebhookAddress source={source} />
      <FailedEvents source={source} />
    </Column>
  );
}

function Following({ source }: { source: Source }) {
  const { webhook, state } = source;
  if (!isConnected(state) || state === 'paused') {
    return (
      <Note tone="quiet" title="Not followed now">
        {source.sentence}
      </Note>
    );
  }
  if (webhook.following === 'webhook') {
    return (
      <Note tone="good" title="Followed by webhook">
        Stripe calls the address below at every change. Headwater asks Stripe for events now and
        then as well, so that one that never came is found.
      </Note>
    );
  }
  return (
    <Note tone="warn" title="Followed by polling">
      {state === 'degraded' ? source.sentence : 'Headwater asks Stripe for new events.'}{' '}
      {webhook.next_poll_at && (
        <>
          The next time is <Ago at={webhook.next_poll_at} />.
        </>
      )}
    </Note>
  );
}

function Health({ source }: { source: Source }) {
  const { webhook } = source;
  const waiting = webhook.events_waiting;
  return (
    <Figures>
      <Figure
        label="Last event"
        value={<Ago at={webhook.last_event_at} />}
        hint={
          <>
            last by webhook <Ago at={webhook.last_webhook_at} />
          </>
        }
      />
      <Figure
        label="Lag"
        value={webhook.lag_p95_ms === null ? '–' : formatMilliseconds(webhook.lag_p95_ms)}
        hint="19 of 20 events arrive within this"
      />
      <Figure
        label="Deliveries"
        value={formatCount(webhook.deliveries_24h)}
        hint="in the last 24 hours"
      />
      <Figure
        label="Failures"
        value={formatCount(webhook.failures_24h)}
        hint="in 24 hours: refused here, or never came"
      />
      <Figure
        label="Waiting to be applied"
        value={formatCount(waiting)}
        hint={waiting > 0 ? `the oldest for ${formatDuration(webhook.lag_s)}` : 'nothing waits'}
      />
    </Figures>
  );
}
