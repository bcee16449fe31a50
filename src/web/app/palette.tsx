import { useMantineColorScheme } from '@mantine/core';
import { createSpotlight, Spotlight } from '@mantine/spotlight';
import type { SpotlightActionGroupData } from '@mantine/spotlight';
import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useDeferredValue, useEffect, useState } from 'react';
import type { SearchHit, SearchResult } from '../../api/contract/search.ts';
import { request } from '../lib/http.ts';
import { keyCap, SHORTCUTS } from '../lib/shortcuts.ts';
import { IconSearch } from '../ui/icons.ts';
import { PLACES } from './navigation.ts';

const searchQuery = (q: string) =>
  queryOptions({
    queryKey: ['search', q],
    queryFn: ({ signal }) => request<SearchResult>('/search', { query: { q }, signal }),
    enabled: q.length > 0,
    placeholderData: keepPreviousData,
    staleTime: 5000,
  });

const [store, palette] = createSpotlight();

const KINDS: Record<SearchHit['kind'], string> = {
  person: 'People',
  audience: 'Audiences',
  dashboard: 'Dashboards',
  playbook: 'Playbooks',
  email: 'E-mails',
  source: 'Data sources',
};

interface PaletteProps {
  /** Opens again whenever it grows. */
  wish: number;
  onHelp: () => void;
  onSignOut: () => void;
}

/** Ctrl/Cmd+K: screens, people and things by name or id, and what can be done from anywhere. */
export function Palette({ wish, onHelp, onSignOut }: PaletteProps) {
  const navigate = useNavigate();
  const { setColorScheme } = useMantineColorScheme();
  const [query, setQuery] = useState('');
  const q = useDeferredValue(query.trim());
  const { data } = useQuery(searchQuery(q));
  useEffect(() => palette.open(), [wish]);
  useEffect(chooseFirst, [data]);

  const matches = (label: string): boolean => label.toLowerCase().includes(q.toLowerCase());
  const screens = PLACES.filter(({ label }) => matches(label)).map(
    ({ to, label, icon: Icon, shortcut }) => ({
      id: to,
      label,
      leftSection: <Icon size={18} stroke={1.6} aria-hidden />,
      rightSection: <>{SHORTCUTS[shortcut].keys.map(keyCap).join(' ')}</>,
      onClick: () => void navigate({ to }),
    }),
  );
  const deeds = [
    {
      id: 'connect',
      label: 'Connect a Stripe account',
      run: () => navigate({ to: '/sources/new' }),
    },
    { id: 'audience', label: 'New audience', run: () => navigate({ to: '/audiences/new' }) },
    {
      id: 'outbox',
      label: 'Open the outbox',
      run: () => navigate({ to: '/messages', search: { tab: 'outbox' } }),
    },
    {
      id: 'templates',
      label: 'Browse templates',
      run: () => navigate({ to: '/settings', search: { tab: 'templates' } }),
    },
    { id: 'light', label: 'Light colours', run: () => setColorScheme('light') },
    { id: 'dark', label: 'Dark colours', run: () => setColorScheme('dark') },
    { id: 'auto', label: 'Colours like the system', run: () => setColorScheme('auto') },
    { id: 'help', label: 'Keyboard help', run: onHelp },
    { id: 'sign-out', label: 'Sign out', run: onSignOut },
  ].filter(({ label }) => matches(label));
  const open = (hit: SearchHit): void => void navigate(placeOf(hit));
  const found = q ? (data?.hits ?? []) : [];
  const groups: SpotlightActionGroupData[] = [
    ...Object.entries(KINDS).map(([kind, group]) => ({
      group,
      actions: found
        .filter((hit) => hit.kind === kind)
        .map((hit) => ({
          id: `${hit.kind}-${hit.id}`,
          label: hit.title,
          description: hit.subtitle ?? undefined,
          onClick: () => open(hit),
        })),
    })),
    { group: 'Go to', actions: screens },
    {
      group: 'Do',
      actions: deeds.map(({ id, label, run }) => ({ id, label, onClick: run })),
    },
  ].filter(({ actions }) => actions.length > 0);

  return (
    <Spotlight
      store={store}
      shortcut={null}
      query={query}
      onQueryChange={setQuery}
      // The server has searched already; everything here is a match.
      filter={(_, actions) => actions}
      actions={groups}
      nothingFound={q ? `Nothing is called “${q}”.` : 'Type a name, an address or an id.'}
      scrollable
      // A box that scrolls must be reachable by keyboard.
      scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}
      maxHeight={420}
      overlayProps={{ backgroundOpacity: 0.28, blur: 0 }}
      searchProps={{
        leftSection: <IconSearch size={18} aria-hidden />,
        placeholder: 'Find people, screens and actions',
        'aria-label': 'Find people, screens and actions',
      }}
    />
  );
}

/** Found things arrive after the kit has chosen the first entry; Enter shall mean the one now on top. */
function chooseFirst(): void {
  const list = document.getElementById(store.getState().listId);
  const [first, ...rest] = list?.querySelectorAll('[data-action]') ?? [];
  if (!first) return;
  for (const entry of rest) entry.removeAttribute('data-selected');
  first.setAttribute('data-selected', 'true');
  store.setState({ ...store.getState(), selected: 0 });
}

function placeOf(hit: SearchHit) {
  const id = Number(hit.id);
  switch (hit.kind) {
    case 'person':
      return { to: '/people/$personId', params: { personId: id } } as const;
    case 'audience':
      return { to: '/audiences/$audienceId', params: { audienceId: id } } as const;
    case 'dashboard':
      return { to: '/dashboards/$dashboardId', params: { dashboardId: id } } as const;
    case 'playbook':
      return { to: '/playbooks/$playbookId', params: { playbookId: id } } as const;
    case 'email':
      return { to: '/messages/emails/$emailId', params: { emailId: id } } as const;
    case 'source':
      return { to: '/sources/$sourceId', params: { sourceId: id } } as const;
  }
}
