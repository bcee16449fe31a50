import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense, useMemo, useState } from 'react';
import type { Playbook } from '../../../api/contract/playbooks.ts';
import { listSteps } from '../../../playbooks/definition.ts';
import type { PlaybookDefinition } from '../../../playbooks/definition.ts';
import { formatCount, formatCounted } from '../../lib/format.ts';
import { Ago, Confirm, Figure, Figures, Lines, Loaded, Note, Page, say } from '../../ui/index.ts';
import { Button, Drawer, Group, SegmentedControl, Stack } from '../../ui/kit.ts';
import { emailNamesQuery, playbookQuery, savePlaybook } from './api.ts';
import {
  countNodes,
  describeEntry,
  listChanges,
  listEdges,
  listNodes,
  replaceStep,
} from './journey.ts';
import { NodeInside } from './node-card.tsx';
import styles from './playbooks.module.css';
import { PlaybookStatus } from './playbooks-screen.tsx';
import { Runs } from './runs.tsx';
import { StepForm } from './step-form.tsx';
import { SwitchPlaybook } from './switch-playbook.tsx';

const Canvas = lazy(async () => ({ default: (await import('./canvas.tsx')).Canvas }));
const route = getRouteApi('/playbooks/$playbookId');

export function PlaybookScreen() {
  const { playbookId } = route.useParams();
  const query = useQuery(playbookQuery(playbookId));
  return (
    <Loaded query={query}>
      {(playbook) => <Shown key={`${playbook.id}-${playbook.version}`} playbook={playbook} />}
    </Loaded>
  );
}

function Shown({ playbook }: { playbook: Playbook }) {
  const client = useQueryClient();
  const { data: emailRows } = useQuery(emailNamesQuery);
  const [draft, setDraft] = useState<PlaybookDefinition>(playbook.definition);
  const [publishing, setPublishing] = useState(false);
  const emails = useMemo(
    () => new Map((emailRows ?? []).map((email) => [email.id, email.name])),
    [emailRows],
  );
  const nodes = useMemo(() => listNodes(draft, emails), [draft, emails]);
  const changes = listChanges(playbook.definition, draft, emails);
  return (
    <Page
      title={playbook.name}
      back={{ to: '/playbooks', label: 'Playbooks' }}
      mark={<PlaybookStatus state={playbook.state} />}
      note={playbook.description}
      wide
      actions={
        <SwitchPlaybook playbook={playbook} entry={describeEntry(playbook.definition)} labelled />
      }
    >
      <Stack gap="md">
        {changes.length > 0 && (
          <Note tone="info" title="Not saved yet">
            <Group justify="space-between">
              <span>{changes.join('; ')}</span>
              <Group gap="xs">
                <Button variant="default" onClick={() => setDraft(playbook.definition)}>
                  Discard
                </Button>
                <Button onClick={() => setPublishing(true)}>
                  Save as version {playbook.version + 1}
                </Button>
              </Group>
            </Group>
          </Note>
        )}
        <Figures>
          <Figure label="Entered" value={formatCount(playbook.entered)} />
          <Figure label="On the way" value={formatCount(playbook.under_way)} />
          <Figure label="Finished" value={formatCount(playbook.finished)} />
          <Figure
            label="Mails sent"
            value={formatCount(playbook.mails_sent)}
            hint={
              playbook.mails_kept > 0
                ? `${formatCount(playbook.mails_kept)} kept in the outbox`
                : ''
            }
          />
          <Figure
            label="Live since"
            value={playbook.live_since ? <Ago at={playbook.live_since} /> : '–'}
            hint={`Version ${playbook.version}`}
          />
        </Figures>
        <Journey playbook={playbook} draft={draft} nodes={nodes} onDraft={setDraft} />
        <Runs nodes={nodes} />
      </Stack>
      {publishing && (
        <Confirm
          title={`Save version ${playbook.version + 1}?`}
          action="Save"
          onClose={() => setPublishing(false)}
          onConfirm={async () => {
            const { name, description } = playbook;
            await savePlaybook(playbook.id, { name, description, definition: draft });
            await client.invalidateQueries({ queryKey: ['playbooks'] });
            say('Saved.');
          }}
        >
          <ul className={styles.steps}>
            {changes.map((change) => (
              <li key={change}>{change}</li>
            ))}
          </ul>
          <p>
            {playbook.under_way > 0
              ? `${formatCounted(playbook.under_way, 'person', 'people')} on the way keep to the version they began with.`
              : 'Nobody is on the way right now.'}
          </p>
        </Confirm>
      )}
    </Page>
  );
}

interface JourneyProps {
  playbook: Playbook;
  draft: PlaybookDefinition;
  nodes: ReturnType<typeof listNodes>;
  onDraft: (draft: PlaybookDefinition) => void;
}

/** The journey, as a drawing or as a list; a step opens what can be set about it. */
function Journey({ playbook, draft, nodes, onDraft }: JourneyProps) {
  const { view, node: chosen } = route.useSearch();
  const navigate = route.useNavigate();
  const edges = useMemo(() => listEdges(draft), [draft]);
  const counts = useMemo(() => countNodes(playbook), [playbook]);
  const step = listSteps(draft.steps).find(({ step: { id } }) => id === chosen)?.step;
  const choose = (id: string | undefined): void =>
    void navigate({ search: (old) => ({ ...old, node: id }), replace: true });
  return (
    <section aria-label="Journey">
      <div className={styles.bar}>
        <SegmentedControl
          aria-label="How the journey is shown"
          value={view ?? 'canvas'}
          onChange={(value) =>
            void navigate({
              search: (old) => ({ ...old, view: value === 'list' ? 'list' : undefined }),
              replace: true,
            })
          }
          data={[
            { value: 'canvas', label: 'Canvas' },
            { value: 'list', label: 'List' },
          ]}
        />
      </div>
      {view === 'list' ? (
        <ol className={styles.list}>
          {nodes.map((node) => (
            <li key={node.id} style={{ marginLeft: node.depth * 28 }}>
              <button
                type="button"
                className={styles.node}
                disabled={node.kind === 'entry' || node.kind === 'leave'}
                onClick={() => choose(node.id)}
              >
                <NodeInside node={node} counts={counts.get(node.id)} />
              </button>
            </li>
          ))}
        </ol>
      ) : (
        <Suspense fallback={<Lines />}>
          <Canvas nodes={nodes} edges={edges} counts={counts} chosen={chosen} onChoose={choose} />
        </Suspense>
      )}
      <Drawer
        opened={step !== undefined}
        onClose={() => choose(undefined)}
        size="md"
        title={`Step: ${nodes.find(({ id }) => id === chosen)?.title ?? ''}`}
      >
        {step && (
          <StepForm
            key={step.id}
            step={step}
            onChange={(next) => onDraft(replaceStep(draft, next))}
          />
        )}
      </Drawer>
    </section>
  );
}
