import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { MailRow } from '../../../api/contract/outbox.ts';
import { RESULT_SENTENCES } from '../../../messages/definition.ts';
import { formatInstant } from '../../lib/format.ts';
import { IconInbox } from '../../ui/icons.ts';
import { Ago, Card, DataTable, Empty, Facts, Loaded, Status } from '../../ui/index.ts';
import type { DataColumn, Tone } from '../../ui/index.ts';
import { Button, Drawer, Group, Stack } from '../../ui/kit.ts';
import { mailQuery, outboxQuery } from './api.ts';
import { RenderedMail } from './rendered-mail.tsx';

const route = getRouteApi('/messages');

const STATES: Record<string, { tone: Tone; word: string }> = {
  waiting: { tone: 'info', word: 'Waiting' },
  leased: { tone: 'info', word: 'Leaving' },
  handing_over: { tone: 'info', word: 'Leaving' },
  sent: { tone: 'good', word: 'Sent' },
  kept: { tone: 'accent', word: 'Kept here' },
  suppressed: { tone: 'quiet', word: 'Not sent' },
  failed: { tone: 'bad', word: 'Failed' },
};

function MailStatus({ state }: { state: string }) {
  const known = STATES[state] ?? { tone: 'quiet' as const, word: state };
  return <Status tone={known.tone}>{known.word}</Status>;
}

const COLUMNS: DataColumn<MailRow>[] = [
  { id: 'to', header: 'To', cell: (row) => row.person_name ?? row.to_address },
  { id: 'subject', header: 'Subject', cell: (row) => row.subject },
  { id: 'email', header: 'E-mail', minor: true, cell: (row) => row.email_name },
  { id: 'state', header: 'State', cell: (row) => <MailStatus state={row.state} /> },
  {
    id: 'at',
    header: 'When',
    minor: true,
    cell: (row) => <Ago at={row.sent_at ?? row.created_at} />,
  },
];

/** Every mail that left or should have, newest first. */
export function Outbox() {
  const { mail } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useInfiniteQuery(outboxQuery);
  const open = (id: string | undefined): void =>
    void navigate({ search: (old) => ({ ...old, mail: id }) });
  return (
    <Card
      title="Outbox"
      note="What was sent, what waits, and what was kept because no mail server is set"
      flush
    >
      <Loaded query={query}>
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.rows);
          if (rows.length === 0) {
            return (
              <Empty icon={<IconInbox size={20} aria-hidden />} title="Nothing was sent yet">
                Mails appear here as soon as a live playbook reaches an e-mail step.
              </Empty>
            );
          }
          return (
            <DataTable
              label="Outbox"
              columns={COLUMNS}
              rows={rows}
              rowKey={(row) => row.id}
              onOpen={(row) => open(row.id)}
              foot={
                query.hasNextPage && (
                  <Group justify="center">
                    <Button
                      variant="default"
                      loading={query.isFetchingNextPage}
                      onClick={() => void query.fetchNextPage()}
                    >
                      Show older
                    </Button>
                  </Group>
                )
              }
            />
          );
        }}
      </Loaded>
      <Drawer opened={mail !== undefined} onClose={() => open(undefined)} size="xl" title="Mail">
        {mail !== undefined && <OneMail id={mail} />}
      </Drawer>
    </Card>
  );
}

function OneMail({ id }: { id: string }) {
  const query = useQuery(mailQuery(id));
  return (
    <Loaded query={query}>
      {(mail) => (
        <Stack gap="md">
          <Facts
            facts={[
              ['Subject', <strong key="s">{mail.subject}</strong>],
              [
                'To',
                <Link key="t" to="/people/$personId" params={{ personId: mail.person_id }}>
                  {mail.to_name ? `${mail.to_name}, ${mail.to_address}` : mail.to_address}
                </Link>,
              ],
              ['State', <MailStatus key="st" state={mail.state} />],
              ['Result', sentenceOfResult(mail.result_code)],
              ['Detail', mail.result_detail],
              ['Queued', formatInstant(mail.created_at)],
              ['Sent', mail.sent_at && formatInstant(mail.sent_at)],
            ]}
          />
          <RenderedMail html={mail.html} />
        </Stack>
      )}
    </Loaded>
  );
}

function sentenceOfResult(code: string | null): string | null {
  if (code === null) return null;
  return code in RESULT_SENTENCES ? RESULT_SENTENCES[code as keyof typeof RESULT_SENTENCES] : code;
}
