import { useState } from 'react';
import { keyFormUrl } from '../../../stripe/definition.ts';
import { IconExternalLink } from '../../ui/icons.ts';
import { Card } from '../../ui/index.ts';
import { Button, SegmentedControl } from '../../ui/kit.ts';
import styles from './sources.module.css';

/** How the restricted key is made, with Stripe's form one click away and filled in. */
export function KeyGuide() {
  const [mode, setMode] = useState<'live' | 'test'>('live');
  return (
    <Card title="Make a restricted key" note="Takes about two minutes">
      <ol className={styles.steps}>
        <li>
          <div>
            <div className={styles.stepTitle}>Open Stripe’s form</div>
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
            <p className={styles.dim}>
              It is called “Restricted API key” under Developers → API keys. Name and permissions
              are filled in already; whatever Stripe leaves open, set as listed below.
            </p>
          </div>
        </li>
        <li>
          <div>
            <div className={styles.stepTitle}>Check the permissions</div>
            <p className={styles.dim}>
              Read on the resources in the table, Write on Webhook Endpoints only, None on the rest.
            </p>
          </div>
        </li>
        <li>
          <div>
            <div className={styles.stepTitle}>Create the key and copy it</div>
            <p className={styles.dim}>
              It begins with <code>rk_</code>. Stripe shows it once. A standard <code>sk_</code> key
              works too, but it could do anything in your account, so a restricted one is better.
            </p>
          </div>
        </li>
        <li>
          <div>
            <div className={styles.stepTitle}>Paste it here</div>
            <p className={styles.dim}>
              Each permission is checked before anything is saved. The key is kept encrypted and
              never shown again.
            </p>
          </div>
        </li>
      </ol>
    </Card>
  );
}
