/** What a screen may say about the ledger. Browser-safe. */
export const MOVEMENT_KINDS = ['new', 'reactivation', 'expansion', 'contraction', 'churn'] as const;
export type MovementKind = (typeof MOVEMENT_KINDS)[number];

/** Kinds that add or take away a customer; the others change what one is worth. */
export const CUSTOMER_SIGN: Record<MovementKind, -1 | 0 | 1> = {
  new: 1,
  reactivation: 1,
  expansion: 0,
  contraction: 0,
  churn: -1,
};

export type SeriesInterval = 'day' | 'month';

/** Words for the reasons of a movement. */
export const MOVEMENT_REASONS: Record<string, string> = {
  started: 'first subscription',
  trial_converted: 'trial converted',
  second_subscription: 'another subscription',
  returned: 'came back',
  price_change: 'price change',
  quantity: 'quantity change',
  item_added: 'item added',
  item_removed: 'item removed',
  interval_change: 'billing interval changed',
  discount_start: 'discount started',
  discount_end: 'discount ended',
  voluntary: 'cancelled',
  involuntary: 'payments failed',
  unpaid: 'left unpaid',
  paused: 'paused',
  resumed: 'resumed',
  trial: 'trial began',
  to_free: 'became free',
  from_free: 'no longer free',
  migration: 'replaced by another subscription',
  reconciled: 'differs from its bills',
};
