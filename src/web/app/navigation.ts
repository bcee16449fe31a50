import {
  IconChartLine,
  IconDatabase,
  IconMail,
  IconRoute,
  IconSettings,
  IconUsers,
  IconUsersGroup,
} from '../ui/icons.ts';
import type { ShortcutName } from '../lib/shortcuts.ts';

/** The seven places of the page, in the order of the sidebar. */
export const PLACES = [
  { to: '/', label: 'Home', icon: IconChartLine, shortcut: 'go_home' },
  { to: '/people', label: 'People', icon: IconUsers, shortcut: 'go_people' },
  { to: '/audiences', label: 'Audiences', icon: IconUsersGroup, shortcut: 'go_audiences' },
  { to: '/playbooks', label: 'Playbooks', icon: IconRoute, shortcut: 'go_playbooks' },
  { to: '/messages', label: 'Messages', icon: IconMail, shortcut: 'go_messages' },
  { to: '/sources', label: 'Data sources', icon: IconDatabase, shortcut: 'go_sources' },
  { to: '/settings', label: 'Settings', icon: IconSettings, shortcut: 'go_settings' },
] as const satisfies readonly {
  to: string;
  label: string;
  shortcut: ShortcutName;
  icon: unknown;
}[];
