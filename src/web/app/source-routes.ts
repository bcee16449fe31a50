import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { optional, readChoice, readDate, readText } from '../lib/search-params.ts';
import type { RawSearch } from '../lib/search-params.ts';
import { root } from './root-route.ts';

// Each tab of a data source has an address of its own and is loaded when it is opened.

export const sources = createRoute({
  getParentRoute: () => root,
  path: '/sources',
  component: lazyRouteComponent(
    () => import('../features/sources/sources-screen.tsx'),
    'SourcesScreen',
  ),
});

export const newSource = createRoute({
  getParentRoute: () => root,
  path: '/sources/new',
  component: lazyRouteComponent(
    () => import('../features/sources/connect-screen.tsx'),
    'ConnectScreen',
  ),
});

const source = createRoute({
  getParentRoute: () => root,
  path: '/sources/$sourceId',
  params: { parse: ({ sourceId }) => ({ sourceId: Number(sourceId) }) },
  component: lazyRouteComponent(
    () => import('../features/sources/source-screen.tsx'),
    'SourceScreen',
  ),
});

const overview = createRoute({
  getParentRoute: () => source,
  path: '/',
  component: lazyRouteComponent(
    () => import('../features/sources/overview-tab.tsx'),
    'OverviewTab',
  ),
});

const sync = createRoute({
  getParentRoute: () => source,
  path: '/sync',
  component: lazyRouteComponent(() => import('../features/sources/sync-tab.tsx'), 'SyncTab'),
});

const activity = createRoute({
  getParentRoute: () => source,
  path: '/activity',
  validateSearch: (raw: RawSearch) =>
    optional({
      types: readText(raw, 'types'),
      from: readDate(raw, 'from'),
      to: readDate(raw, 'to'),
    }),
  component: lazyRouteComponent(
    () => import('../features/sources/activity-tab.tsx'),
    'ActivityTab',
  ),
});

const webhook = createRoute({
  getParentRoute: () => source,
  path: '/webhook',
  validateSearch: (raw: RawSearch) =>
    optional({ events: readChoice(raw, 'events', ['set_aside']) }),
  component: lazyRouteComponent(() => import('../features/sources/webhook-tab.tsx'), 'WebhookTab'),
});

const permissions = createRoute({
  getParentRoute: () => source,
  path: '/permissions',
  component: lazyRouteComponent(
    () => import('../features/sources/permissions-tab.tsx'),
    'PermissionsTab',
  ),
});

const settings = createRoute({
  getParentRoute: () => source,
  path: '/settings',
  component: lazyRouteComponent(
    () => import('../features/sources/settings-tab.tsx'),
    'SettingsTab',
  ),
});

export const oneSource = source.addChildren([
  overview,
  sync,
  activity,
  webhook,
  permissions,
  settings,
]);
