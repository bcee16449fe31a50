import type { ActivityName } from '../activities/index.ts';
import type { Definition } from '../audiences/index.ts';
import type { Tile } from '../reports/index.ts';

/** A piece of the starter set, as data. The key never changes: it is how an installed piece is known again. */
export type Template = AudienceTemplate | DashboardTemplate | EmailTemplate | PlaybookTemplate;

interface Common {
  key: string;
  name: string;
  description: string;
}

export interface AudienceTemplate extends Common {
  kind: 'audience';
  definition: Definition;
}

export interface DashboardTemplate extends Common {
  kind: 'dashboard';
  tiles: readonly Tile[];
}

export interface EmailTemplate extends Common {
  kind: 'email';
  class: 'marketing' | 'transactional' | 'internal';
  /** Liquid. */
  subject: string;
  /** MJML with Liquid. */
  source: string;
}

/** Always installed switched off. */
export interface PlaybookTemplate extends Common {
  kind: 'playbook';
  entry: { activity: ActivityName; first_only: boolean };
  steps: PlaybookTemplateStep[];
}

/** An e-mail is named by its template's key; what it became is looked up when the playbook is added. */
export type PlaybookTemplateStep =
  | { id: string; kind: 'wait'; minutes: number }
  | { id: string; kind: 'email'; email: string }
  | { id: string; kind: 'end' };

export type TemplateKind = Template['kind'];
