import { sentenceOf } from '../lib/http.ts';
import { IconSearch } from '../ui/icons.ts';
import { LinkButton } from '../ui/link.tsx';
import { Page } from '../ui/page.tsx';
import { Empty, Failure } from '../ui/states.tsx';

export function NotFound() {
  return (
    <Page title="Not here">
      <Empty
        icon={<IconSearch size={20} aria-hidden />}
        title="There is nothing at this address"
        action={<LinkButton to="/">Go home</LinkButton>}
      >
        It may have been removed, or the link was cut short.
      </Empty>
    </Page>
  );
}

/** A screen that broke. The rest of the page goes on. */
export function Broken({ error }: { error: unknown }) {
  return (
    <Page title="This screen stopped" note={sentenceOf(error)}>
      <Failure error={error} onRetry={() => window.location.reload()} />
    </Page>
  );
}
