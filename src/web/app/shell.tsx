import { ActionIcon, Drawer } from '@mantine/core';
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { Outlet, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { request } from '../lib/http.ts';
import { sessionQuery } from '../lib/session.ts';
import { useShortcut, useShortcutStarts } from '../lib/shortcuts.ts';
import { IconMenu2, IconSearch } from '../ui/icons.ts';
import { Logo } from '../ui/logo.tsx';
import { useLive } from './live.ts';
import { PLACES } from './navigation.ts';
import styles from './shell.module.css';
import { Sidebar } from './sidebar.tsx';

const Help = lazy(async () => ({ default: (await import('./help.tsx')).Help }));
const Palette = lazy(async () => ({ default: (await import('./palette.tsx')).Palette }));

/** What surrounds every screen: sidebar, palette, help, and the ear to the server. */
export function Shell() {
  const { data: session } = useSuspenseQuery(sessionQuery);
  const client = useQueryClient();
  const [menu, setMenu] = useState(false);
  const [help, setHelp] = useState(false);
  // Counts the wishes to find something, so that each opens the palette again.
  const [finds, setFinds] = useState(0);
  const find = (): void => {
    setMenu(false);
    setFinds((n) => n + 1);
  };
  useLive();
  useShortcutStarts();
  useShortcut('palette', find);
  useShortcut('help', () => setHelp(true));
  const signOut = async (): Promise<void> => {
    await request('/session', { method: 'DELETE' });
    client.clear();
    await client.invalidateQueries(sessionQuery);
    window.location.assign('/');
  };
  const parts = {
    session,
    onFind: find,
    onHelp: () => {
      setMenu(false);
      setHelp(true);
    },
    onSignOut: () => void signOut(),
  };
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#main">
        Skip to the content
      </a>
      <aside className={`${styles.side} ${styles.desktop}`} aria-label="Sidebar">
        <Sidebar {...parts} />
      </aside>
      <header className={styles.top}>
        <ActionIcon aria-label="Open the menu" size="lg" onClick={() => setMenu(true)}>
          <IconMenu2 size={20} />
        </ActionIcon>
        <Logo size={24} />
        <div className={styles.brandText}>
          <div className={styles.name}>Headwater</div>
        </div>
        <ActionIcon aria-label="Find anything" size="lg" onClick={find}>
          <IconSearch size={18} />
        </ActionIcon>
      </header>
      <Drawer opened={menu} onClose={() => setMenu(false)} position="left" size={270} title="Menu">
        <div className={styles.side}>
          <Sidebar {...parts} onLeave={() => setMenu(false)} />
        </div>
      </Drawer>
      <main className={styles.main} id="main" tabIndex={-1}>
        {session.demo && (
          <div className={styles.banner} role="note">
            Demo: a simulated Stripe account with invented people. Nothing leaves this computer.
          </div>
        )}
        <Suspense>
          <Outlet />
        </Suspense>
      </main>
      {help && (
        <Suspense>
          <Help onClose={() => setHelp(false)} />
        </Suspense>
      )}
      {finds > 0 && (
        <Suspense>
          <Palette wish={finds} onHelp={parts.onHelp} onSignOut={parts.onSignOut} />
        </Suspense>
      )}
      <GoKeys />
    </div>
  );
}

/** The two-key shortcuts that lead to the places of the sidebar. */
function GoKeys() {
  return PLACES.map((place) => <GoKey key={place.to} place={place} />);
}

function GoKey({ place }: { place: (typeof PLACES)[number] }) {
  const navigate = useNavigate();
  useShortcut(place.shortcut, () => void navigate({ to: place.to }));
  return null;
}
