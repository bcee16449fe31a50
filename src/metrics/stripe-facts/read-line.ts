import type { Price } from '../ledger/price.ts';
import { ONE, readDecimal } from '../ledger/rational.ts';
import type { Rational } from '../ledger/rational.ts';
import { decimal, idOf, idsOf, integer, list, object, text } from './json.ts';
import type { Json } from './json.ts';
import { readPrice } from './read-price.ts';

/** One line of an invoice, whichever API version rendered it. Amounts in minor units, times in seconds. */
export interface Line {
  id: string;
  invoice: string;
  subscription: string | null;
  /** The subscription item it bills; null on lines that name none. */
  item: string | null;
  price_id: string | null;
  product: string | null;
  quantity: Rational;
  amount: bigint;
  discounts: readonly { discount: string; amount: bigint }[];
  /** Tax contained in the amount. */
  inclusive_tax: bigint;
  proration: boolean;
  /** The lines that a proration credit gives back. */
  credits: readonly string[];
  start: number;
  end: number;
  currency: string;
  description: string;
  /** Carried by older shapes only; today a line names its price by id. */
  embedded_price: Price | null;
}

/**
 * Reads a line in today's shape (`parent`, `pricing`, `taxes`) or an older one (`type`, `price` or
 * `plan`, `tax_amounts`, `proration`). Null for a line without id or period.
 */
export function readLine(raw: Json): Line | null {
  const id = text(raw.id);
  const period = object(raw.period);
  const start = integer(period?.start);
  const end = integer(period?.end);
  if (id === null || start === null || end === null) return null;
  const parent = object(raw.parent);
  const details =
    object(parent?.subscription_item_details) ?? object(parent?.invoice_item_details) ?? raw;
  const embedded = object(raw.price) ?? object(raw.plan);
  const priced = object(object(raw.pricing)?.price_details);
  return {
    id,
    invoice: idOf(raw.invoice) ?? '',
    subscription: idOf(details.subscription) ?? idOf(raw.subscription),
    item: idOf(details.subscription_item),
    price_id: idOf(priced?.price) ?? idOf(raw.price) ?? idOf(raw.plan),
    product: idOf(priced?.product) ?? idOf(embedded?.product),
    quantity: readQuantity(raw),
    amount: BigInt(integer(raw.amount) ?? 0),
    discounts: list(raw.discount_amounts).flatMap((entry) => {
      const discount = idOf(entry.discount);
      const amount = BigInt(integer(entry.amount) ?? 0);
      return discount === null || amount === 0n ? [] : [{ discount, amount }];
    }),
    inclusive_tax: inclusiveTax(raw),
    proration: details.proration === true,
    credits: idsOf(object(object(details.proration_details)?.credited_items)?.invoice_line_items),
    start,
    end,
    currency: text(raw.currency) ?? '',
    description: text(raw.description) ?? '',
    embedded_price: embedded && readPrice(embedded),
  };
}

/** Absent means one; the integer is cut off beside the decimal form. */
function readQuantity(raw: Json): Rational {
  const value = decimal(raw.quantity_decimal) ?? decimal(raw.quantity);
  return value === null ? ONE : readDecimal(value);
}

function inclusiveTax(raw: Json): bigint {
  const now = list(raw.taxes).filter((tax) => tax.tax_behavior === 'inclusive');
  const then = list(raw.tax_amounts).filter((tax) => tax.inclusive === true);
  return [...now, ...then].reduce((sum, tax) => sum + BigInt(integer(tax.amount) ?? 0), 0n);
}

export interface Invoice {
  id: string;
  customer: string | null;
  subscription: string | null;
  status: string;
  billing_reason: string | null;
  created: number;
  paid_at: number | null;
  voided_at: number | null;
  uncollectible_at: number | null;
  uncollectible_reason: string | null;
  attempts: number;
  discounts: readonly Json[];
  lines: Line[];
}

/** Reads an invoice without its lines; those are rows of their own. */
export function readInvoice(raw: Json): Invoice | null {
  const id = text(raw.id);
  if (id === null) return null;
  const when = object(raw.status_transitions);
  const created = integer(raw.created) ?? 0;
  const status = text(raw.status) ?? (raw.paid === true ? 'paid' : 'open');
  const parent = object(object(raw.parent)?.subscription_details);
  return {
    id,
    customer: idOf(raw.customer),
    subscription: idOf(parent?.subscription) ?? idOf(raw.subscription),
    status,
    billing_reason: text(raw.billing_reason),
    created,
    paid_at: integer(when?.paid_at) ?? (status === 'paid' ? created : null),
    voided_at: integer(when?.voided_at),
    uncollectible_at: integer(when?.marked_uncollectible_at),
    uncollectible_reason: text(object(object(raw.status_details)?.uncollectible)?.reason),
    attempts: integer(raw.attempt_count) ?? 0,
    discounts: list(raw.discounts),
    lines: [],
  };
}
