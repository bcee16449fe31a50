import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { EmailRow } from '../../../api/contract/emails.ts';
import { humanise } from '../../lib/format.ts';
import { IconMail } from '../../ui/icons.ts';
import { Ago, Card, DataTable, Empty, LinkButton, Loaded, Page } from '../../ui/index.ts';
import type { DataColumn } from '../../ui/index.ts';
import { Tabs } from '../../ui/kit.ts';
import { emailsQuery } from './api.ts';
import { Outbox } from './outbox.tsx';

const route = getRouteApi('/messages');

/** The e-mails as written, and the outbox through which they leave. */
export function MessagesScreen() {
  const { tab = 'emails' } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <Page title="Messages">
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(value) =>
          void navigate({ search: { tab: value === 'outbox' ? 'outbox' : undefined } })
        }
      >
        <Tabs.List mb="lg">
          <Tabs.Tab value="emails">E-mails</Tabs.Tab>
          <Tabs.Tab value="outbox">Outbox</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="emails">
          <Emails />
        </Tabs.Panel>
        <Tabs.Panel value="outbox">
          <Outbox />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}

const COLUMNS: DataColumn<EmailRow>[] = [
  {
    id: 'name',
    header: 'E-mail',
    cell: (row) => (
      <Link to="/messages/emails/$emailId" params={{ emailId: row.id }}>
        {row.name}
      </Link>
    ),
  },
  { id: 'subject', header: 'Subject', cell: (row) => row.subject },
  { id: 'class', header: 'Class', minor: true, cell: (row) => humanise(row.class) },
  { id: 'edited', header: 'Edited', minor: true, cell: (row) => <Ago at={row.updated_at} /> },
];

function Emails() {
  const navigate = route.useNavigate();
  const query = useQuery(emailsQuery);
  return (
    <Card title="E-mails" flush>
      <Loaded query={query}>
        {(emails) =>
          emails.length === 0 ? (
            <Empty
              icon={<IconMail size={20} aria-hidden />}
              title="No e-mails yet"
              action={
                <LinkButton to="/settings" search={{ tab: 'templates' }}>
                  Browse templates
                </LinkButton>
              }
            >
              Playbooks send what is written here.
            </Empty>
          ) : (
            <DataTable
              label="E-mails"
              columns={COLUMNS}
              rows={emails}
              rowKey={(row) => String(row.id)}
              onOpen={(row) =>
                void navigate({ to: '/messages/emails/$emailId', params: { emailId: row.id } })
              }
            />
          )
        }
      </Loaded>
    </Card>
  );
}
