import type { PlaybookTemplate } from '../template.ts';

export const PLAYBOOKS: PlaybookTemplate[] = [
  {
    kind: 'playbook',
    key: 'playbook/welcome-new-customers',
    name: 'Welcome new customers',
    description: 'An hour after somebody’s first subscription starts, a short hello.',
    entry: { activity: 'subscription_started', first_only: true },
    steps: [
      { id: 'wait', kind: 'wait', minutes: 60 },
      { id: 'welcome', kind: 'email', email: 'email/welcome' },
      { id: 'end', kind: 'end' },
    ],
  },
];
