import type { Source } from '../../../api/contract/sources.ts';
import { IconPlugConnected } from '../../ui/icons.ts';
import { Ago, Bar, Card, Column, CopyId, CopyLine, Dim, Facts, Note } from '../../ui/index.ts';
import { Button } from '../../ui/kit.ts';
import { Act } from './act.tsx';
import { useAsk } from './ask.tsx';
import { isConnected } from './source-status.tsx';

/** Where Stripe calls, whether that answers, and how endpoint and secret are made anew. */
export function WebhookAddress({ source }: { source: Source }) {
  const ask = useAsk();
  const { webhook } = source;
  const check = webhook.address_check;
  return (
    <Card
      title="Address"
      note="Where Stripe tells of changes. It is public and safe to know: only what Stripe has signed is believed."
    >
      <Column>
        <CopyLine text={webhook.url} label="Copy the address" />
        {check && (
          <div aria-live="polite">
            <Note tone={check.ok ? 'good' : 'bad'}>
              {check.sentence}{' '}
              <Dim>
                Checked <Ago at={check.at} />.
              </Dim>
            </Note>
          </div>
        )}
        <Facts
          facts={[
            [
              'Endpoint in Stripe',
              webhook.endpoint_id ? <CopyId key="e" id={webhook.endpoint_id} /> : 'None',
            ],
          ]}
        />
        {isConnected(source.state) && (
          <Bar>
            <Act
              sourceId={source.id}
              action="webhook/check"
              icon={<IconPlugConnected size={14} aria-hidden />}
              quiet
            >
              Check that it answers
            </Act>
            {source.can_rotate_secret && (
              <Button variant="default" onClick={() => ask('rotate')}>
                Rotate the secret
              </Button>
            )}
            <Button variant="default" onClick={() => ask('remake')}>
              {webhook.endpoint_id ? 'Make it again' : 'Make the webhook'}
            </Button>
          </Bar>
        )}
      </Column>
    </Card>
  );
}
