import type { SourceDetail } from '../../../api/contract/sources.ts';
import { Bar, LinkButton, Note } from '../../ui/index.ts';
import { Button } from '../../ui/kit.ts';
import { Act } from './act.tsx';
import { useAsk } from './ask.tsx';
import { toneOfState } from './source-status.tsx';
import { TakenEndpoints } from './taken-endpoints.tsx';

/** What the source is in, as a sentence, and the next step with its button. */
export function StateNote({ detail }: { detail: SourceDetail }) {
  const { source, progress } = detail;
  const whole = progress.state === 'complete' ? progress.usable : null;
  if (source.state === 'webhook_full') {
    return <TakenEndpoints source={source}>{whole}</TakenEndpoints>;
  }
  return (
    <div aria-live="polite">
      <Note
        tone={toneOfState(source.state)}
        title={source.sentence}
        actions={<NextStep detail={detail} />}
      >
        {source.next_step ?? whole}
      </Note>
    </div>
  );
}

/** The button for what the sentence asks for; nothing where nothing is to be done. */
function NextStep({ detail }: { detail: SourceDetail }) {
  const { id, state, state_detail: why } = detail.source;
  const ask = useAsk();
  const webhook = (
    <Act sourceId={id} action="webhook" done="Asked Stripe again.">
      Try the webhook again
    </Act>
  );
  switch (state) {
    case 'permission_missing':
      return (
        <Bar>
          <Act sourceId={id} action="resume" done="Checked with Stripe.">
            Check again
          </Act>
          <LinkButton
            to="/sources/$sourceId/permissions"
            params={{ sourceId: id }}
            variant="default"
          >
            What is missing
          </LinkButton>
          <Button variant="default" onClick={() => ask('key')}>
            Use another key
          </Button>
        </Bar>
      );
    case 'key_revoked':
      return <Button onClick={() => ask('key')}>Paste a new key</Button>;
    case 'degraded':
      return (
        <Bar>
          {webhook}
          <LinkButton to="/sources/$sourceId/webhook" params={{ sourceId: id }} variant="default">
            Webhook health
          </LinkButton>
        </Bar>
      );
    case 'paused':
      return (
        <Act sourceId={id} action="resume" done="Checked with Stripe.">
          Resume
        </Act>
      );
    case 'disconnected':
      return <LinkButton to="/sources/new">Connect again</LinkButton>;
    case 'syncing':
      return why.webhook && why.webhook.status !== 'ok' ? webhook : null;
    case 'connecting':
    case 'live':
    case 'webhook_full':
    case 'deleting':
      return null;
  }
}
