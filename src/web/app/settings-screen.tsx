import { getRouteApi } from '@tanstack/react-router';
import { AuditLog } from '../features/settings/audit-log.tsx';
import { WorkspaceForm } from '../features/settings/workspace-form.tsx';
import { TemplatesList } from '../features/templates/templates-list.tsx';
import { Page } from '../ui/index.ts';
import { Tabs } from '../ui/kit.ts';

const route = getRouteApi('/settings');

/** Workspace, templates and the audit log: parts of three features behind one set of tabs. */
export function SettingsScreen() {
  const { tab = 'workspace' } = route.useSearch();
  const navigate = route.useNavigate();
  const turn = (value: string | null): void => {
    const next = value === 'templates' || value === 'audit' ? value : undefined;
    void navigate({ search: { tab: next } });
  };
  return (
    <Page title="Settings">
      <Tabs value={tab} onChange={turn} keepMounted={false}>
        <Tabs.List mb="lg">
          <Tabs.Tab value="workspace">Workspace</Tabs.Tab>
          <Tabs.Tab value="templates">Templates</Tabs.Tab>
          <Tabs.Tab value="audit">Audit log</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="workspace">
          <WorkspaceForm />
        </Tabs.Panel>
        <Tabs.Panel value="templates">
          <TemplatesList />
        </Tabs.Panel>
        <Tabs.Panel value="audit">
          <AuditLog />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
