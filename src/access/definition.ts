/** Who may sign in, and what can be set for this installation. Safe in a browser. */
export const ROLES = ['owner', 'member'] as const;
export type Role = (typeof ROLES)[number];

export interface Settings {
  workspace_name: string;
  /** IANA name; the days of dashboards and of the ledger begin by it. */
  time_zone: string;
  /** ISO 4217 in lower case; null while figures follow the account's own currency. */
  reporting_currency: string | null;
}

/** What holds until somebody sets it otherwise. */
export const DEFAULT_SETTINGS: Settings = {
  workspace_name: 'Headwater',
  time_zone: 'UTC',
  reporting_currency: null,
};

export const SHORTEST_PASSWORD = 10;
