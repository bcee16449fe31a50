import type { Json } from '../definition.ts';
import { drop, fill, hashesOf, idIn, inside, isHash } from './json.ts';
import { step } from './step.ts';
import type { Step } from './step.ts';
import { BASIL } from './versions.ts';

/** `{amount, inclusive, tax_rate}` → `{amount, tax_behavior, tax_rate_details}` */
const taxOf = (tax: Json): Json => ({
  amount: tax.amount,
  tax_behavior: tax.inclusive === true ? 'inclusive' : 'exclusive',
  tax_rate_details: tax.tax_rate ? { tax_rate: idIn(tax.tax_rate) } : null,
  taxability_reason: tax.taxability_reason ?? 'not_available',
  taxable_amount: tax.taxable_amount ?? null,
  type: 'tax_rate_details',
});

/** `tax_amounts` under its name of today. */
function moveTaxes(object: Json, from: string, to: string): void {
  if (object[from] !== undefined) fill(object, to, hashesOf(object[from]).map(taxOf));
  drop(object, from);
}

/** The one discount an object could have is the first of several. It stays whole: it alone tells its coupon. */
function moveDiscount(object: Json): void {
  const many = object.discounts;
  const one = object.discount;
  if (one && (!Array.isArray(many) || many.length === 0)) object.discounts = [one];
  fill(object, 'discounts', []);
  delete object.discount;
}

/** A price, or the plan it was once, as `pricing` names it. */
function pricingOf(object: Json): Json | null {
  const source = isHash(object.price) ? object.price : isHash(object.plan) ? object.plan : null;
  if (source === null) return null;
  return {
    price_details: { price: source.id, product: idIn(source.product) },
    type: 'price_details',
    unit_amount_decimal:
      source.unit_amount_decimal ?? source.amount_decimal ?? decimalOf(source.unit_amount),
  };
}

const decimalOf = (amount: unknown): string | null =>
  typeof amount === 'number' ? String(amount) : null;

function subscription(object: Json): void {
  for (const item of hashesOf(object.items)) {
    for (const name of ['current_period_start', 'current_period_end']) {
      if (object[name] !== undefined) fill(item, name, object[name]);
    }
  }
  drop(object, 'current_period_start', 'current_period_end');
  moveDiscount(object);
}

function invoice(object: Json): void {
  fill(object, 'parent', parentOfInvoice(object));
  moveTaxes(object, 'total_tax_amounts', 'total_taxes');
  moveDiscount(object);
  fill(object, 'amount_overpaid', 0);
  const automatic = object.automatic_tax;
  if (isHash(automatic)) fill(automatic, 'provider', automatic.enabled === true ? 'stripe' : null);
  drop(object, 'application_fee_amount', 'charge', 'paid', 'paid_out_of_band', 'payment_intent');
  drop(object, 'quote', 'rendering_options', 'subscription', 'subscription_details');
  drop(object, 'subscription_proration_date', 'tax', 'transfer_data');
}

function parentOfInvoice(object: Json): Json | null {
  const subscription = idIn(object.subscription);
  const quote = idIn(object.quote);
  const proration = object.subscription_proration_date;
  if (subscription !== null) {
    return {
      quote_details: null,
      subscription_details: {
        metadata: inside(object.subscription_details, 'metadata') ?? null,
        subscription,
        ...(typeof proration === 'number' ? { subscription_proration_date: proration } : {}),
      },
      type: 'subscription_details',
    };
  }
  return quote === null
    ? null
    : { quote_details: { quote }, subscription_details: null, type: 'quote_details' };
}

function line(object: Json): void {
  fill(object, 'parent', parentOfLine(object));
  fill(object, 'pricing', pricingOf(object));
  moveTaxes(object, 'tax_amounts', 'taxes');
  drop(object, 'amount_excluding_tax', 'invoice_item', 'plan', 'price', 'proration');
  drop(object, 'proration_details', 'subscription_item', 'tax_rates', 'type');
  drop(object, 'unit_amount_excluding_tax');
}

function parentOfLine(object: Json): Json {
  const common = {
    invoice_item: idIn(object.invoice_item),
    proration: object.proration === true,
    proration_details: object.proration_details ?? { credited_items: null },
    subscription: idIn(object.subscription),
  };
  const subscription_item = idIn(object.subscription_item);
  return subscription_item === null && object.type !== 'subscription'
    ? {
        invoice_item_details: common,
        subscription_item_details: null,
        type: 'invoice_item_details',
      }
    : {
        invoice_item_details: null,
        subscription_item_details: { ...common, subscription_item },
        type: 'subscription_item_details',
      };
}

function invoiceItem(object: Json): void {
  const subscription = idIn(object.subscription);
  const subscription_item = idIn(object.subscription_item);
  fill(
    object,
    'parent',
    subscription === null
      ? null
      : {
          subscription_details: {
            subscription,
            ...(subscription_item === null ? {} : { subscription_item }),
          },
          type: 'subscription_details',
        },
  );
  fill(object, 'pricing', pricingOf(object));
  drop(object, 'plan', 'price', 'subscription', 'subscription_item');
  drop(object, 'unit_amount', 'unit_amount_decimal');
}

function creditNote(object: Json): void {
  const refund = idIn(object.refund);
  const amount_refunded = object.total ?? object.amount ?? null;
  fill(object, 'refunds', refund === null ? [] : [{ amount_refunded, refund }]);
  moveTaxes(object, 'tax_amounts', 'total_taxes');
  delete object.refund;
}

function creditNoteLine(object: Json): void {
  moveTaxes(object, 'tax_amounts', 'taxes');
  drop(object, 'amount_excluding_tax', 'unit_amount_excluding_tax');
}

function schedule(object: Json): void {
  for (const phase of hashesOf(object.phases)) {
    const coupon = idIn(phase.coupon);
    const none = hashesOf(phase.discounts).length === 0;
    if (coupon !== null && none)
      phase.discounts = [{ coupon, discount: null, promotion_code: null }];
    fill(phase, 'discounts', []);
    delete phase.coupon;
  }
}

/** What 2025-03-31.basil took apart: where invoices come from, how they are paid, what lines cost. */
export const BEFORE_BASIL: readonly Step[] = [
  step(BASIL, 'subscription', subscription),
  step(BASIL, 'invoice', invoice),
  step(BASIL, 'line_item', line),
  step(BASIL, 'invoiceitem', invoiceItem),
  step(BASIL, 'credit_note', creditNote),
  step(BASIL, 'credit_note_line_item', creditNoteLine),
  step(BASIL, 'subscription_schedule', schedule),
  step(BASIL, 'charge', (charge) => drop(charge, 'invoice')),
  step(BASIL, 'payment_intent', (intent) => drop(intent, 'invoice')),
  step(BASIL, 'plan', (plan) => drop(plan, 'aggregate_usage')),
  step(BASIL, 'price', (price) => {
    if (isHash(price.recurring)) drop(price.recurring, 'aggregate_usage');
  }),
  step(BASIL, 'checkout.session', (session) => {
    const shipping = session.shipping_details;
    if (shipping && isHash(session.collected_information))
      fill(session.collected_information, 'shipping_details', shipping);
    delete session.shipping_details;
  }),
];
