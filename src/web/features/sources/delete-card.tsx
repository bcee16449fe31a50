import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Removal } from '../../../api/contract/source-actions.ts';
import type { SourceDetail } from '../../../api/contract/sources.ts';
import { formatCount, formatCounted, humanise } from '../../lib/format.ts';
import { Bar, Card, Choices, Column, Confirm, Prose, say } from '../../ui/index.ts';
import { Button } from '../../ui/kit.ts';
import { sourcesQuery } from './api.ts';
import { deleteSource } from './deeds.ts';
import type { Keep } from './deeds.ts';
import { useHere } from './here.tsx';

interface Choice {
  value: Keep;
  label: string;
  /** What goes, with how much of it. */
  removes: (overview: SourceDetail['overview']) => string;
  keeps: string;
}

const CHOICES: readonly Choice[] = [
  {
    value: 'everything',
    label: 'Keep everything that was copied',
    removes: () => 'the connection: the key kept here and our webhook in Stripe',
    keeps: 'people, activities, figures and every Stripe object, as they are today',
  },
  {
    value: 'people',
    label: 'Keep people and activities',
    removes: ({ records }) =>
      `the connection, ${formatCounted(records, 'Stripe object', 'Stripe objects')}, the events, and what is computed from them, such as MRR`,
    keeps: 'people and what they did, with audiences and messages',
  },
  {
    value: 'nothing',
    label: 'Keep nothing',
    removes: ({ records, people, activities }) =>
      `the connection, ${formatCounted(records, 'Stripe object', 'Stripe objects')}, the events, and ${formatCounted(people, 'person', 'people')} with ${formatCounted(activities, 'activity', 'activities')}, as far as they came only from this account`,
    keeps: 'only people who are known from another account as well',
  },
];

/** Deletes a source, after a choice of what stays and its name typed. */
export function DeleteCard() {
  const { detail, setLeaving } = useHere();
  const { source, overview } = detail;
  const client = useQueryClient();
  const navigate = useNavigate();
  const [keep, setKeep] = useState<Keep>('everything');
  const [asking, setAsking] = useState(false);
  const chosen = CHOICES.find(({ value }) => value === keep)!;
  const remove = async (): Promise<void> => {
    // What is going must not be asked for.
    setLeaving(true);
    const removal = await deleteSource(source.id, keep).catch((error: unknown) => {
      setLeaving(false);
      throw error;
    });
    if (removal.done) {
      client.setQueryData(sourcesQuery.queryKey, (sources) =>
        sources?.filter(({ id }) => id !== source.id),
      );
    }
    await navigate({ to: '/sources' });
    client.removeQueries({ queryKey: ['sources', source.id] });
    await client.invalidateQueries();
    say(`${source.name} is deleted. ${describeRemoval(removal)}`);
  };
  return (
    <Card title="Delete this data source" note="This cannot be taken back">
      <Column>
        <Choices
          label="What stays"
          value={keep}
          onChange={setKeep}
          choices={CHOICES.map(({ value, label, removes, keeps }) => ({
            value,
            label,
            lines: [
              ['Removes', removes(overview)],
              ['Keeps', keeps],
            ],
          }))}
        />
        <Bar>
          <Button color="red.8" onClick={() => setAsking(true)}>
            Delete…
          </Button>
        </Bar>
      </Column>
      {asking && (
        <Confirm
          title={`Delete ${source.name}?`}
          action="Delete it"
          danger
          word={source.name}
          onClose={() => setAsking(false)}
          onConfirm={remove}
        >
          <Prose>
            <p>
              <strong>{chosen.label}.</strong> Removes {chosen.removes(overview)}. Keeps{' '}
              {chosen.keeps}.
            </p>
            <p>Nothing is changed in Stripe but our webhook, which is taken out.</p>
          </Prose>
        </Confirm>
      )}
    </Card>
  );
}

function describeRemoval({ removed, done }: Removal): string {
  const parts = Object.entries(removed)
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${humanise(what).toLowerCase()}: ${formatCount(count)}`);
  const gone = parts.length > 0 ? `Removed so far: ${parts.slice(0, 4).join(', ')}.` : '';
  if (done) return gone.replace(' so far', '');
  return `${gone} The rest goes in the background.`.trim();
}
