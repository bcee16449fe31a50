import {
  isCurrentShape,
  nestingOf,
  readNested,
  upgradeObject,
  upgradePrevious,
} from '../objects/index.ts';
import type { Json, Resource, Sighting } from '../objects/index.ts';
import { API_VERSION } from './definition.ts';

/** Which resource an object of an event belongs to, by its `object` word. */
const RESOURCE_OF: Readonly<Record<string, Resource>> = {
  customer: 'customers',
  product: 'products',
  price: 'prices',
  plan: 'plans',
  coupon: 'coupons',
  promotion_code: 'promotion_codes',
  tax_rate: 'tax_rates',
  tax_id: 'tax_ids',
  subscription: 'subscriptions',
  subscription_schedule: 'subscription_schedules',
  invoice: 'invoices',
  invoiceitem: 'invoice_items',
  invoice_payment: 'invoice_payments',
  credit_note: 'credit_notes',
  payment_intent: 'payment_intents',
  setup_intent: 'setup_intents',
  payment_method: 'payment_methods',
  charge: 'charges',
  refund: 'refunds',
  dispute: 'disputes',
  'checkout.session': 'checkout_sessions',
  quote: 'quotes',
  payout: 'payouts',
  balance_transaction: 'balance_transactions',
};

export interface Subject {
  resource: Resource;
  id: string;
  sighting: Sighting;
  /** The event cannot be used as it is: the object has to be fetched. */
  incomplete: boolean;
  /** The object is in a shape that is understood, and may stand where it cannot be fetched. */
  understood: boolean;
}

/**
 * What an event says about which object; null when it is about none that is kept (an unknown type,
 * or `invoice.upcoming`, whose invoice has no id yet).
 */
export function readSubject(event: Json): Subject | null {
  const data = event.data as { object?: Json; previous_attributes?: Json } | undefined;
  const sent = data?.object;
  const resource = RESOURCE_OF[String(sent?.object)];
  if (!sent || !resource || typeof sent.id !== 'string') return null;
  // Events are rendered in the version of their endpoint, or of the account when polled.
  const { api_version } = event;
  const foreign = api_version !== API_VERSION;
  const upgraded = foreign ? upgradeObject(sent, api_version) : sent;
  const object = upgraded ?? sent;
  const previous =
    foreign && data.previous_attributes
      ? upgradePrevious(sent, data.previous_attributes, api_version)
      : data.previous_attributes;
  const type = String(event.type);
  // A subscription is never deleted: its event means that it ended, and the object says so.
  const deleted = type.endsWith('.deleted') && resource !== 'subscriptions';
  const sighting: Sighting = {
    object,
    version_at: new Date(Number(event.created) * 1000),
    kind: 'event',
    deleted,
    ...(previous ? { previous } : {}),
    ...(type.endsWith('.created') ? { first: true } : {}),
  };
  const short = foreign && !isCurrentShape(sent, api_version);
  const cut = nestingOf(resource) !== null && readNested(resource, object).has_more;
  // Tiers come only when they are asked for.
  const tiered = object.billing_scheme === 'tiered' && object.tiers === undefined;
  return {
    resource,
    id: sent.id,
    sighting,
    incomplete: !deleted && (short || cut || tiered),
    understood: upgraded !== null,
  };
}
