import { useState } from 'react';
import { formatCount, formatCounted } from '../../lib/format.ts';
import { Card, Counts, Dim } from '../../ui/index.ts';
import { Button } from '../../ui/kit.ts';
import { nameResource } from './words.ts';

const FEW = 8;

/** How many rows each table of schema `stripe` holds for this account, the largest first. */
export function ObjectCounts({ objects }: { objects: Record<string, number> }) {
  const [all, setAll] = useState(false);
  const counts = Object.entries(objects).toSorted((a, b) => b[1] - a[1]);
  const shown = all ? counts : counts.slice(0, FEW);
  if (counts.length === 0) {
    return (
      <Card title="Stripe objects">
        <Dim>Customers, subscriptions, invoices and the rest are counted here as they arrive.</Dim>
      </Card>
    );
  }
  return (
    <Card title="Stripe objects" note="Rows in schema stripe, for SQL as well" flush>
      <Counts
        label="Stripe objects"
        counts={shown.map(([resource, count]) => [nameResource(resource), formatCount(count)])}
      />
      {counts.length > FEW && (
        <div style={{ padding: '6px 8px 8px' }}>
          <Button
            variant="subtle"
            size="compact-xs"
            aria-expanded={all}
            onClick={() => setAll(!all)}
          >
            {all ? 'Show fewer' : `Show all ${formatCounted(counts.length, 'table', 'tables')}`}
          </Button>
        </div>
      )}
    </Card>
  );
}
