import { useQuery } from '@tanstack/react-query';
import { IconDatabase, IconPlus } from '../../ui/icons.ts';
import { Empty, LinkButton, Loaded, Page, Shapes, Tiles } from '../../ui/index.ts';
import { sourcesQuery } from './api.ts';
import { SourceCard } from './source-card.tsx';

/** The connected accounts side by side, in both modes. */
export function SourcesScreen() {
  const query = useQuery(sourcesQuery);
  return (
    <Page
      title="Data sources"
      note="Stripe accounts that are copied here and kept live. Headwater never changes anything in them but its own webhook."
      actions={
        <LinkButton to="/sources/new" leftSection={<IconPlus size={14} />}>
          New data source
        </LinkButton>
      }
    >
      <Loaded query={query} skeleton={<Shapes />}>
        {(sources) =>
          sources.length === 0 ? (
            <Empty
              icon={<IconDatabase size={20} aria-hidden />}
              title="No source yet"
              action={<LinkButton to="/sources/new">Connect Stripe</LinkButton>}
            >
              Paste a restricted key and watch your customers, subscriptions and payments arrive.
              The last 90 days come first, so that you can start within minutes.
            </Empty>
          ) : (
            <Tiles>
              {sources.map((source) => (
                <SourceCard key={source.id} source={source} />
              ))}
            </Tiles>
          )
        }
      </Loaded>
    </Page>
  );
}
