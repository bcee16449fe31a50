import { useState } from 'react';
import { keyFormUrl } from '../../../stripe/definition.ts';
import { IconExternalLink } from '../../ui/icons.ts';
import { Card, Step, Steps } from '../../ui/index.ts';
import { Button, SegmentedControl } from '../../ui/kit.ts';

/** How the restricted key is made, with Stripe's form one click away and filled in. */
export function KeyGuide() {
  const [mode, setMode] = useState<'live' | 'test'>('live');
  return (
    <Card title="Make a restricted key" note="Takes about two minutes">
      <Steps>
        <Step title="Open Stripe’s form">
          <SegmentedControl
            aria-label="Which data"
            mb="xs"
            value={mode}
            onChange={(value) => setMode(value === 'test' ? 'test' : 'live')}
            data={[
              { value: 'live', label: 'Live data' },
              { value: 'test', label: 'Test data' },
            ]}
          />
          <div>
            <Button
              component="a"
              href={keyFormUrl(mode)}
              target="_blank"
              rel="noreferrer"
              variant="default"
              rightSection={<IconExternalLink size={14} aria-hidden />}
            >
              Open the filled-in form
            </Button>
          </div>
          <p>
            It is called “Restricted API key” under Developers → API keys. Name and permissions are
            filled in already; whatever Stripe leaves open, set as listed beside.
          </p>
        </Step>
        <Step title="Check the permissions">
          <p>
            Read on the resources in the table, Write on Webhook Endpoints only, None on the rest.
            Optional ones may be left out: what they open is skipped.
          </p>
        </Step>
        <Step title="Create the key and copy it">
          <p>
            It begins with <code>rk_</code>. Stripe shows it once. A standard <code>sk_</code> key
            works too, but it could do anything in your account, so a restricted one is better.
          </p>
        </Step>
        <Step title="Paste it here">
          <p>
            Each permission is checked before anything is saved. The key is kept encrypted and never
            shown again.
          </p>
        </Step>
      </Steps>
    </Card>
  );
}
