import type { ReactNode } from 'react';
import type { Source } from '../../../api/contract/sources.ts';
import { Dim, ItemList, Note } from '../../ui/index.ts';
import { Act } from './act.tsx';

/** All endpoints of the account are taken: which they are, and the way on. */
export function TakenEndpoints({ source, children }: { source: Source; children?: ReactNode }) {
  const taken = source.state_detail.webhook?.endpoints ?? [];
  return (
    <Note
      tone="warn"
      title="All webhook endpoints of this account are taken"
      actions={
        <Act sourceId={source.id} action="webhook" done="Asked Stripe again.">
          Try again
        </Act>
      }
    >
      In Stripe, open Developers → Webhooks, remove one that is no longer needed, then try again.
      Until then Headwater asks Stripe for new events itself, a little later than a webhook would
      tell. Nothing is lost. {children}
      {taken.length > 0 && (
        <ItemList label="Endpoints that exist">
          {taken.map((endpoint) => (
            <li key={endpoint.id}>
              {endpoint.url}{' '}
              <Dim>
                {[endpoint.description, endpoint.status !== 'enabled' && endpoint.status]
                  .filter(Boolean)
                  .join(', ')}
              </Dim>
            </li>
          ))}
        </ItemList>
      )}
    </Note>
  );
}
