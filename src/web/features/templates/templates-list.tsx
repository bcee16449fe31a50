import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Template } from '../../../api/contract/templates.ts';
import { IconTemplate } from '../../ui/icons.ts';
import { Confirm, Empty, LinkButton, Loaded, say, sayFailure, Status } from '../../ui/index.ts';
import { Button } from '../../ui/kit.ts';
import { actOnTemplate, templatesQuery } from './api.ts';
import styles from './templates.module.css';

const KINDS = [
  ['audience', 'Audiences'],
  ['dashboard', 'Dashboards'],
  ['playbook', 'Playbooks'],
  ['email', 'E-mails'],
] as const;

/** The starter set: what is installed, what was removed, what can be added. */
export function TemplatesList() {
  const query = useQuery(templatesQuery);
  return (
    <Loaded query={query}>
      {(templates) =>
        templates.length === 0 ? (
          <Empty icon={<IconTemplate size={20} aria-hidden />} title="No templates" />
        ) : (
          KINDS.map(([kind, title]) => {
            const list = templates.filter((template) => template.kind === kind);
            if (list.length === 0) return null;
            return (
              <section key={kind}>
                <h2 className={styles.kind}>{title}</h2>
                <div className={styles.grid}>
                  {list.map((template) => (
                    <TemplateCard key={template.key} template={template} />
                  ))}
                </div>
              </section>
            );
          })
        )
      }
    </Loaded>
  );
}

function TemplateCard({ template }: { template: Template }) {
  const client = useQueryClient();
  const [removing, setRemoving] = useState(false);
  const [busy, setBusy] = useState(false);
  const installed = template.state === 'installed';
  const reread = () => client.invalidateQueries();
  const add = async (): Promise<void> => {
    setBusy(true);
    try {
      await actOnTemplate(template.key, 'add');
      await reread();
      say(`“${template.name}” was added.`);
    } catch (error) {
      sayFailure(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <article className={styles.template}>
      <div className={styles.head}>
        <h3 className={styles.name}>{template.name}</h3>
        <Status tone={installed ? 'good' : 'quiet'}>
          {{ installed: 'Installed', removed: 'Removed', available: 'Available' }[template.state]}
        </Status>
      </div>
      <p className={styles.text}>{template.description}</p>
      <div className={styles.foot}>
        {installed ? (
          <>
            <OpenButton template={template} />
            <Button variant="subtle" color="gray" onClick={() => setRemoving(true)}>
              Remove
            </Button>
          </>
        ) : (
          <Button loading={busy} onClick={() => void add()}>
            Add
          </Button>
        )}
      </div>
      {removing && (
        <Confirm
          title={`Remove “${template.name}”?`}
          action="Remove"
          danger
          onClose={() => setRemoving(false)}
          onConfirm={async () => {
            await actOnTemplate(template.key, 'remove');
            await reread();
          }}
        >
          What was made from it goes away, with your changes to it. It stays removed when a source
          is connected again, and can be added again here at any time.
        </Confirm>
      )}
    </article>
  );
}

function OpenButton({ template }: { template: Template }) {
  const id = template.subject_id;
  if (id === null) return null;
  const look = { variant: 'default', children: 'Open' } as const;
  switch (template.kind) {
    case 'audience':
      return <LinkButton to="/audiences/$audienceId" params={{ audienceId: id }} {...look} />;
    case 'dashboard':
      return <LinkButton to="/dashboards/$dashboardId" params={{ dashboardId: id }} {...look} />;
    case 'playbook':
      return <LinkButton to="/playbooks/$playbookId" params={{ playbookId: id }} {...look} />;
    case 'email':
      return <LinkButton to="/messages/emails/$emailId" params={{ emailId: id }} {...look} />;
  }
}
