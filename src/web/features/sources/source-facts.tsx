import type { Source } from '../../../api/contract/sources.ts';
import { Ago, Card, CopyId, Facts } from '../../ui/index.ts';

/** What this connection is. */
export function SourceFacts({ source }: { source: Source }) {
  return (
    <Card title="Connection">
      <Facts
        facts={[
          ['Account', source.account_id && <CopyId key="a" id={source.account_id} />],
          ['Data', source.mode === 'test' ? 'Test data' : 'Live data'],
          ['Followed by', source.webhook.following === 'webhook' ? 'Webhook' : 'Polling'],
          ['Key', <code key="k">{source.key_hint}</code>],
          ['Currency', source.default_currency?.toUpperCase()],
          ['Time zone', source.time_zone],
          ['Connected', <Ago key="c" at={source.connected_at} />],
        ]}
      />
    </Card>
  );
}
