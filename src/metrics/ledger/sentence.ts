import { currencyExponent } from '../../platform/index.ts';
import type { Reason } from './evidence.ts';
import type { Version } from './build-versions.ts';
import { MICRO, ONE, compare, toText } from './rational.ts';

/** 1234500000n, 'usd' → '12.35 USD': rounded for reading, half away from zero. */
export function money(micro: bigint, currency: string): string {
  const exponent = currencyExponent(currency);
  const size = micro < 0n ? -micro : micro;
  const minor = String((size + MICRO / 2n) / MICRO).padStart(exponent + 1, '0');
  const cut = minor.length - exponent;
  const digits = exponent === 0 ? minor : `${minor.slice(0, cut)}.${minor.slice(cut)}`;
  return `${micro < 0n ? '-' : ''}${digits} ${currency.toUpperCase()}`;
}

const BASIS: Record<Version['rule'], string> = {
  renewal: 'as billed for a full period',
  renewal_stub: 'at its price, from a bill for part of a period',
  proration_debit: 'at its price since the change that was billed pro rata',
  proration_credit: 'until it was credited',
  trial: 'nothing during the trial',
  event: 'at its price since the change that Stripe reported',
  snapshot: 'as the subscription says; it has no bill yet',
  reconciled: 'as the subscription says now; no bill or event shows the change',
  vanished: 'until bills went on without it',
  unpaid: 'nothing while the subscription is unpaid',
  paused: 'nothing while the subscription is paused',
};

/** What a version says, for a person: "Growth × 3: 30.00 USD a month, as billed … (line il_…)". */
export function describeVersion(version: Version, products: ReadonlyMap<string, string>): string {
  const times = compare(version.quantity, ONE) === 0 ? '' : ` × ${toText(version.quantity)}`;
  const amount = `${money(version.micro, version.currency)} a month`;
  return `${nameOf(version, products)}${times}: ${amount}, ${BASIS[version.rule]}${source(version.evidence)}`;
}

function nameOf(version: Version, products: ReadonlyMap<string, string>): string {
  const { product_id, price_id, item_id } = version;
  return (product_id && products.get(product_id)) ?? price_id ?? item_id;
}

function source(evidence: Version['evidence']): string {
  const { lines, invoices, events, subscription } = evidence;
  if (lines.length > 0) return ` (line ${lines[0]} of invoice ${invoices[0] ?? 'unknown'}).`;
  if (events.length > 0) return ` (event ${events[0]}).`;
  if (invoices.length > 0) return ` (invoice ${invoices[0]}).`;
  return subscription === null ? '.' : ` (${subscription}).`;
}

const CAUSE: Record<Reason, string> = {
  started: 'the subscription started',
  trial_converted: 'the trial turned into a paid subscription',
  second_subscription: 'another subscription started',
  returned: 'the customer came back',
  price_change: 'the price changed',
  quantity: 'the quantity changed',
  item_added: 'an item was added',
  item_removed: 'an item was removed',
  interval_change: 'the billing interval changed',
  discount_start: 'a discount started',
  discount_end: 'a discount ended',
  voluntary: 'the subscription was cancelled',
  involuntary: 'the subscription ended after failed payments',
  unpaid: 'the subscription was left unpaid',
  paused: 'the subscription was paused',
  resumed: 'the subscription resumed',
  trial: 'a trial began',
  to_free: 'it became free',
  from_free: 'it stopped being free',
  migration: 'one subscription replaced another',
  reconciled: 'the subscription differs from its bills',
};

/** What changed one item: "the price changed: 30.00 USD to 60.00 USD a month". */
export function describeChange(
  reason: Reason,
  from: bigint,
  to: bigint,
  currency: string,
  name: string,
): string {
  const size = `${money(from, currency)} to ${money(to, currency)} a month`;
  return `${name}: ${CAUSE[reason]}, ${size}.`;
}

export function describeItem(version: Version, products: ReadonlyMap<string, string>): string {
  return nameOf(version, products);
}
