import { humanise } from '../../lib/format.ts';

const NAMES: Record<string, string> = {
  tax_ids: 'Tax IDs',
  subscription_items: 'Subscription items',
  account: 'Account',
};

/** How a Stripe resource is called on the page: `payment_intents` → `Payment intents`. */
export function nameResource(resource: string): string {
  return NAMES[resource] ?? humanise(resource);
}

/** A permission in the words of Stripe's key form: `Disputes → Read`. */
export function namePermission({ label, access }: { label: string; access: string }): string {
  return `${label} → ${access}`;
}
