import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { EmailBody } from '../../../api/contract/emails.ts';
import type { PeoplePage } from '../../../api/contract/people.ts';
import { request, sentenceOf } from '../../lib/http.ts';
import { IconEye } from '../../ui/icons.ts';
import { Card, Empty, Lines, Note, PersonPicker } from '../../ui/index.ts';
import { SegmentedControl, Stack } from '../../ui/kit.ts';
import { previewQuery } from './api.ts';
import { Problems } from './problems.tsx';
import styles from './messages.module.css';
import { RenderedMail } from './rendered-mail.tsx';

const route = getRouteApi('/messages/emails/$emailId');

/** The draft as a real person would get it, a moment after the last key. */
export function EmailPreviewCard({ draft: written }: { draft: EmailBody }) {
  const { person, phone } = route.useSearch();
  const navigate = route.useNavigate();
  // Until somebody is chosen, the newest person stands in.
  const newest = useQuery({
    queryKey: ['people', 'newest'],
    queryFn: ({ signal }) => request<PeoplePage>('/people', { signal, query: { limit: 1 } }),
    enabled: person === undefined,
  });
  const personId = person ?? newest.data?.rows[0]?.person_id;
  const [draft] = useDebouncedValue(written, 400);
  const preview = useQuery(
    previewQuery(personId === undefined ? null : { draft, person_id: personId }),
  );
  const width = (value: string): void =>
    void navigate({
      search: (old) => ({ ...old, phone: value === 'phone' ? true : undefined }),
      replace: true,
    });
  return (
    <Card
      title="Preview"
      actions={
        <SegmentedControl
          aria-label="Width of the preview"
          value={phone ? 'phone' : 'desktop'}
          onChange={width}
          data={[
            { value: 'desktop', label: 'Desktop' },
            { value: 'phone', label: 'Phone' },
          ]}
        />
      }
    >
      <Stack gap="sm">
        <PersonPicker
          label="Show as"
          onPick={(id) =>
            void navigate({ search: (old) => ({ ...old, person: id }), replace: true })
          }
        />
        {preview.error && (
          <Note tone="bad" title="It cannot be filled in" live>
            {sentenceOf(preview.error)}
          </Note>
        )}
        {preview.data && !preview.data.ok && <Problems problems={preview.data.problems} />}
        {preview.data?.ok && preview.data.missing.length > 0 && (
          <Note tone="warn" title="This person has no value for">
            {preview.data.missing.join(', ')}
          </Note>
        )}
        {preview.data?.ok && (
          <div>
            <p className={styles.subject}>
              <strong>Subject:</strong> {preview.data.subject}
            </p>
            <RenderedMail html={preview.data.html} phone={phone} />
          </div>
        )}
        {!preview.data && !preview.error && personId !== undefined && <Lines />}
        {personId === undefined && newest.isSuccess && (
          <Empty icon={<IconEye size={20} aria-hidden />} title="Nobody to show it as">
            As soon as a source is connected, the preview is filled in with a real person.
          </Empty>
        )}
      </Stack>
    </Card>
  );
}
