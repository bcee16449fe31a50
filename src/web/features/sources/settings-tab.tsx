import type { Source } from '../../../api/contract/sources.ts';
import { Bar, Card, Column, Columns, CopyId, Facts, Prose } from '../../ui/index.ts';
import { Button } from '../../ui/kit.ts';
import { Act } from './act.tsx';
import { useAsk } from './ask.tsx';
import { DeleteCard } from './delete-card.tsx';
import { SettingsForm } from './settings-form.tsx';
import { isConnected } from './source-status.tsx';
import { useSource } from './here.tsx';

/** How this account is read, and how it is let go. */
export function SettingsTab() {
  const { source } = useSource();
  const connected = isConnected(source.state);
  return (
    <Column>
      <Columns>
        {/* With another source come other fields. */}
        <SettingsForm key={source.id} source={source} />
        {connected && (
          <Column>
            <KeyCard source={source} />
            <PauseCard source={source} />
            <DisconnectCard />
          </Column>
        )}
      </Columns>
      <DeleteCard />
    </Column>
  );
}

function KeyCard({ source }: { source: Source }) {
  const ask = useAsk();
  return (
    <Card title="Key" note="Kept encrypted, never shown again">
      <Column>
        <Facts
          facts={[
            ['In use', <code key="k">{source.key_hint}</code>],
            ['Account', source.account_id && <CopyId key="a" id={source.account_id} />],
          ]}
        />
        <Bar>
          <Button variant="default" onClick={() => ask('key')}>
            Change the key
          </Button>
        </Bar>
      </Column>
    </Card>
  );
}

function PauseCard({ source }: { source: Source }) {
  const paused = source.state === 'paused';
  return (
    <Card title={paused ? 'Paused' : 'Pause'}>
      <Column>
        <Prose>
          <p>
            {paused
              ? 'Nothing is read. Events that Stripe sends are kept, and what happened meanwhile is fetched when you resume.'
              : 'Stops reading and applying for a while, for example during a migration in Stripe. Events that Stripe sends are kept; the gap is filled when you resume.'}
          </p>
        </Prose>
        <Bar>
          {paused ? (
            <Act sourceId={source.id} action="resume">
              Resume
            </Act>
          ) : (
            <Act sourceId={source.id} action="pause" quiet>
              Pause
            </Act>
          )}
        </Bar>
      </Column>
    </Card>
  );
}

function DisconnectCard() {
  const ask = useAsk();
  return (
    <Card title="Disconnect">
      <Column>
        <Prose>
          <p>
            Takes our webhook out of Stripe and stops. Everything that was copied stays, and the
            account can be connected again later; what happened in between is fetched then.
          </p>
        </Prose>
        <Bar>
          <Button variant="default" onClick={() => ask('disconnect')}>
            Disconnect
          </Button>
        </Bar>
      </Column>
    </Card>
  );
}
