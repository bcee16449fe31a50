import { createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import {
  optional,
  readChoice,
  readDate,
  readFlag,
  readNumber,
  readText,
} from '../lib/search-params.ts';
import type { RawSearch } from '../lib/search-params.ts';
import { root } from './root-route.ts';
import { newSource, oneSource, sources } from './source-routes.ts';

// What stands in the address is the whole state of a screen: reload, back and share give the same picture.

const dashboardSearch = (raw: RawSearch) =>
  optional({
    from: readDate(raw, 'from'),
    to: readDate(raw, 'to'),
    interval: readChoice(raw, 'interval', ['day', 'month']),
    currency: readText(raw, 'currency'),
    tile: readText(raw, 'tile'),
    point: readText(raw, 'point'),
  });

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: dashboardSearch,
  component: lazyRouteComponent(
    () => import('../features/dashboards/dashboard-screen.tsx'),
    'HomeScreen',
  ),
});

const dashboard = createRoute({
  getParentRoute: () => root,
  path: '/dashboards/$dashboardId',
  params: { parse: ({ dashboardId }) => ({ dashboardId: Number(dashboardId) }) },
  validateSearch: dashboardSearch,
  component: lazyRouteComponent(
    () => import('../features/dashboards/dashboard-screen.tsx'),
    'DashboardScreen',
  ),
});

const people = createRoute({
  getParentRoute: () => root,
  path: '/people',
  validateSearch: (raw: RawSearch) =>
    optional({
      search: readText(raw, 'search'),
      sort: readText(raw, 'sort'),
      order: readChoice(raw, 'order', ['up', 'down']),
      status: readText(raw, 'status'),
      audience: readNumber(raw, 'audience'),
    }),
  component: lazyRouteComponent(
    () => import('../features/people/people-screen.tsx'),
    'PeopleScreen',
  ),
});

const person = createRoute({
  getParentRoute: () => root,
  path: '/people/$personId',
  params: { parse: ({ personId }) => ({ personId: Number(personId) }) },
  validateSearch: (raw: RawSearch) => optional({ types: readText(raw, 'types') }),
  component: lazyRouteComponent(
    () => import('../features/people/person-screen.tsx'),
    'PersonScreen',
  ),
});

const audiences = createRoute({
  getParentRoute: () => root,
  path: '/audiences',
  component: lazyRouteComponent(
    () => import('../features/audiences/audiences-screen.tsx'),
    'AudiencesScreen',
  ),
});

const newAudience = createRoute({
  getParentRoute: () => root,
  path: '/audiences/new',
  component: lazyRouteComponent(
    () => import('../features/audiences/edit-audience-screen.tsx'),
    'NewAudienceScreen',
  ),
});

const audience = createRoute({
  getParentRoute: () => root,
  path: '/audiences/$audienceId',
  params: { parse: ({ audienceId }) => ({ audienceId: Number(audienceId) }) },
  validateSearch: (raw: RawSearch) => optional({ why: readNumber(raw, 'why') }),
  component: lazyRouteComponent(
    () => import('../features/audiences/audience-screen.tsx'),
    'AudienceScreen',
  ),
});

const editAudience = createRoute({
  getParentRoute: () => root,
  path: '/audiences/$audienceId/edit',
  params: { parse: ({ audienceId }) => ({ audienceId: Number(audienceId) }) },
  component: lazyRouteComponent(
    () => import('../features/audiences/edit-audience-screen.tsx'),
    'EditAudienceScreen',
  ),
});

const playbooks = createRoute({
  getParentRoute: () => root,
  path: '/playbooks',
  component: lazyRouteComponent(
    () => import('../features/playbooks/playbooks-screen.tsx'),
    'PlaybooksScreen',
  ),
});

const playbook = createRoute({
  getParentRoute: () => root,
  path: '/playbooks/$playbookId',
  params: { parse: ({ playbookId }) => ({ playbookId: Number(playbookId) }) },
  validateSearch: (raw: RawSearch) =>
    optional({
      view: readChoice(raw, 'view', ['list']),
      node: readText(raw, 'node'),
      run: readText(raw, 'run'),
    }),
  component: lazyRouteComponent(
    () => import('../features/playbooks/playbook-screen.tsx'),
    'PlaybookScreen',
  ),
});

const messages = createRoute({
  getParentRoute: () => root,
  path: '/messages',
  validateSearch: (raw: RawSearch) =>
    optional({
      tab: readChoice(raw, 'tab', ['outbox']),
      mail: readText(raw, 'mail'),
    }),
  component: lazyRouteComponent(
    () => import('../features/messages/messages-screen.tsx'),
    'MessagesScreen',
  ),
});

const email = createRoute({
  getParentRoute: () => root,
  path: '/messages/emails/$emailId',
  params: { parse: ({ emailId }) => ({ emailId: Number(emailId) }) },
  validateSearch: (raw: RawSearch) =>
    optional({
      person: readNumber(raw, 'person'),
      phone: readFlag(raw, 'phone'),
    }),
  component: lazyRouteComponent(
    () => import('../features/messages/email-screen.tsx'),
    'EmailScreen',
  ),
});

const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  validateSearch: (raw: RawSearch) =>
    optional({ tab: readChoice(raw, 'tab', ['templates', 'audit']) }),
  component: lazyRouteComponent(() => import('./settings-screen.tsx'), 'SettingsScreen'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    dashboard,
    people,
    person,
    audiences,
    newAudience,
    audience,
    editAudience,
    playbooks,
    playbook,
    messages,
    email,
    sources,
    newSource,
    oneSource,
    settings,
  ]),
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
