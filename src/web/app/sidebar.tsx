import { Kbd, Menu } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Session } from '../../api/contract/session.ts';
import { keyCap, SHORTCUTS } from '../lib/shortcuts.ts';
import { IconKeyboard, IconLogout, IconSearch, IconSelector } from '../ui/icons.ts';
import { Logo } from '../ui/logo.tsx';
import { PLACES } from './navigation.ts';
import { SchemeChoice } from './scheme-choice.tsx';
import styles from './shell.module.css';
import { SyncPill } from './sync-pill.tsx';

interface SidebarProps {
  session: Session;
  onFind: () => void;
  onHelp: () => void;
  onSignOut: () => void;
  /** Called when a link was followed, to close the menu of small screens. */
  onLeave?: () => void;
}

export function Sidebar({ session, onFind, onHelp, onSignOut, onLeave }: SidebarProps) {
  const named = session.workspace.workspace_name !== 'Headwater';
  return (
    <>
      <div className={styles.brand}>
        <Logo size={28} />
        <div className={styles.brandText}>
          <div className={styles.name}>Headwater</div>
          {named && <div className={styles.workspace}>{session.workspace.workspace_name}</div>}
        </div>
      </div>
      <button type="button" className={styles.find} onClick={onFind}>
        <IconSearch size={15} aria-hidden />
        <span>Find anything</span>
        <Kbd size="xs">{SHORTCUTS.palette.keys.map(keyCap).join(' ')}</Kbd>
      </button>
      <nav aria-label="Main">
        {PLACES.map(({ to, label, icon: Icon, shortcut }) => (
          <Link
            key={to}
            to={to}
            className={styles.link}
            activeOptions={{ exact: to === '/', includeSearch: false }}
            onClick={onLeave}
          >
            <Icon size={17} stroke={1.7} aria-hidden />
            {label}
            <span className={styles.keys} aria-hidden="true">
              {SHORTCUTS[shortcut].keys.map(keyCap).join(' ')}
            </span>
          </Link>
        ))}
      </nav>
      <div className={styles.foot}>
        <SyncPill onLeave={onLeave} />
        <Menu position="top-start" width={210}>
          <Menu.Target>
            <button type="button" className={styles.user}>
              <span className={styles.avatar} aria-hidden="true">
                {(session.user?.name ?? '?').slice(0, 1).toUpperCase()}
              </span>
              <span className={styles.userName}>{session.user?.name}</span>
              <IconSelector size={14} aria-label="Your menu" />
            </button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>{session.user?.email}</Menu.Label>
            <SchemeChoice />
            <Menu.Divider />
            <Menu.Item leftSection={<IconKeyboard size={15} />} onClick={onHelp}>
              Keyboard help
            </Menu.Item>
            <Menu.Item leftSection={<IconLogout size={15} />} onClick={onSignOut}>
              Sign out
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
    </>
  );
}
