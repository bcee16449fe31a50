import type { Json } from '../definition.ts';
import { BEFORE_BASIL } from './before-basil.ts';
import { fill, hashesOf, idIn } from './json.ts';
import { came, step } from './step.ts';
import type { Step } from './step.ts';
import { ACACIA, BASIL, CLOVER, DAHLIA, ENDIVE } from './versions.ts';

/** `coupon` whole, under the hash that came to stand around it. */
const wrapCoupon =
  (name: string) =>
  (object: Json): void => {
    if (object.coupon !== undefined) fill(object, name, { coupon: object.coupon, type: 'coupon' });
    delete object.coupon;
  };

const UI_MODES: Record<string, string> = {
  custom: 'elements',
  embedded: 'embedded_page',
  hosted: 'hosted_page',
};

/** Where something only moved or was called otherwise. */
const RENAMED: readonly Step[] = [
  step('2024-06-20', 'product', (product) => {
    if (product.features !== undefined) fill(product, 'marketing_features', product.features);
    delete product.features;
  }),
  step(CLOVER, 'discount', wrapCoupon('source')),
  step(CLOVER, 'promotion_code', wrapCoupon('promotion')),
  step(DAHLIA, 'checkout.session', (session) => {
    const mode = UI_MODES[String(session.ui_mode)];
    if (mode !== undefined) session.ui_mode = mode;
  }),
];

const ACCOUNT_HOLDERS = [
  'customer',
  'subscription',
  'invoice',
  'invoiceitem',
  'payment_intent',
  'setup_intent',
  'credit_note',
  'discount',
  'promotion_code',
  'subscription_schedule',
  'payment_method',
  'quote',
  'checkout.session',
];

/** Classic is what every subscription was before it could be chosen. */
const CLASSIC = { flexible: null, type: 'classic' };

/** What was computed later follows from what was there. */
const DERIVED: readonly Step[] = [
  step(
    '2024-10-28',
    'invoice',
    pretaxCredits('total_discount_amounts', 'total_pretax_credit_amounts'),
  ),
  ...['line_item', 'credit_note', 'credit_note_line_item'].map((object) =>
    step('2024-10-28', object, pretaxCredits('discount_amounts', 'pretax_credit_amounts')),
  ),
  step('2025-06-30', 'subscription', (one) => fill(one, 'billing_mode', { ...CLASSIC })),
  step('2025-06-30', 'subscription_schedule', (one) => fill(one, 'billing_mode', { ...CLASSIC })),
  step('2025-05-28', 'credit_note', (note) => {
    const after = note.type === 'post_payment' ? note.total : 0;
    fill(note, 'post_payment_amount', after);
    fill(note, 'pre_payment_amount', note.type === 'post_payment' ? 0 : note.total);
  }),
  step(CLOVER, 'credit_note', (note) => {
    for (const refund of hashesOf(note.refunds)) {
      fill(refund, 'payment_record_refund', null);
      fill(refund, 'type', 'refund');
    }
  }),
  step(CLOVER, 'invoiceitem', (item) => fill(item, 'net_amount', item.amount)),
  step('2025-12-15', 'line_item', (line) => fill(line, 'subtotal', line.amount)),
  step(DAHLIA, 'line_item', quantityDecimal),
  step(DAHLIA, 'invoiceitem', quantityDecimal),
];

/** What discounts took off, under the name that later also credits have. */
function pretaxCredits(from: string, to: string) {
  return (object: Json): void =>
    fill(
      object,
      to,
      hashesOf(object[from]).map((one) => ({
        amount: one.amount,
        discount: idIn(one.discount),
        type: 'discount',
      })),
    );
}

function quantityDecimal(object: Json): void {
  const { quantity } = object;
  fill(object, 'quantity_decimal', typeof quantity === 'number' ? String(quantity) : null);
}

/** Fields that came. Where they are absent nobody had chosen anything, so null (or an empty list) is what they said. */
const CAME: readonly Step[] = [
  came('2024-06-20', 'subscription', ['invoice_settings'], {
    account_tax_ids: null,
    issuer: { type: 'self' },
  }),
  came('2024-06-20', 'invoice', ['automatically_finalizes_at']),
  came(ACACIA, 'invoice', ['automatic_tax.disabled_reason']),
  came(ACACIA, 'subscription', ['automatic_tax.disabled_reason']),
  came(ACACIA, 'tax_rate', ['flat_amount']),
  came(ACACIA, 'tax_rate', ['rate_type'], 'percentage'),
  came(BASIL, 'charge', ['billing_details.tax_id']),
  came(BASIL, 'payment_method', ['billing_details.tax_id']),
  came(CLOVER, 'subscription', ['billing_mode.flexible']),
  came(CLOVER, 'subscription_schedule', ['billing_mode.flexible']),
  ...ACCOUNT_HOLDERS.map((object) => came('2025-12-15', object, ['customer_account'])),
  came('2025-12-15', 'tax_id', ['customer_account', 'owner.customer_account']),
  came(DAHLIA, 'subscription', ['managed_payments']),
  came(DAHLIA, 'subscription', [
    'invoice_settings.custom_fields',
    'invoice_settings.description',
    'invoice_settings.footer',
  ]),
  came('2026-05-27', 'subscription', ['billing_schedules'], []),
  came('2026-05-27', 'invoice', ['amount_paid_off_stripe'], 0),
  came('2026-07-29', 'refund', ['customer', 'customer_account', 'payment_method']),
  came('2026-08-26', 'subscription', ['cancellation_details.feedback_option']),
  came(ENDIVE, 'subscription', ['trial_settings.end_behavior.billing_cycle_anchor']),
  came(ENDIVE, 'subscription_item', ['current_trial']),
  came(ENDIVE, 'subscription_schedule', ['pause_schedules'], []),
  came(ENDIVE, 'product', ['tax_details']),
  came(ENDIVE, 'payment_intent', ['payment_record']),
];

/** Fields that came and whose content nothing older tells: an object without them has to be fetched to be whole. */
const UNTOLD: readonly Step[] = [
  came(ENDIVE, 'subscription', []),
  came(ENDIVE, 'invoice', []),
  came(ENDIVE, 'checkout.session', []),
  came(ENDIVE, 'dispute', []),
  came(ENDIVE, 'charge', []),
  came(DAHLIA, 'setup_intent', []),
  came(DAHLIA, 'credit_note_line_item', []),
];

/** Every change of Stripe's shapes since the oldest version that is read, oldest first. */
export const STEPS: readonly Step[] = [
  ...BEFORE_BASIL,
  ...RENAMED,
  ...DERIVED,
  ...CAME,
  ...UNTOLD,
].toSorted((a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0));
