/**
 * Everything that can happen to a person, as data: for the timeline, the audience builder, playbook
 * entries and the `activity_types` table. Ids are stored with every activity and never change or get
 * reused. Browser-safe.
 */
export type AttributeType = 'text' | 'number' | 'money' | 'time' | 'url';

export interface AttributeDefinition {
  name: string;
  /** Money is in minor units of the activity's currency, a time is ISO text. */
  type: AttributeType;
  label: string;
}

export interface ActivityDefinition {
  id: number;
  name: string;
  label: string;
  description: string;
  /** Whether `amount_minor` is filled, so that sums mean something. */
  has_amount: boolean;
  attributes: readonly AttributeDefinition[];
}

const attribute = <N extends string>(name: N, type: AttributeType, label: string) => ({
  name,
  type,
  label,
});

const CURRENCY = attribute('currency', 'text', 'Currency');

const CHARGE = [
  attribute('status', 'text', 'Status'),
  attribute('amount_minor', 'money', 'Amount'),
  CURRENCY,
  attribute('description', 'text', 'Description'),
  attribute('recipient_email', 'text', 'Recipient e-mail'),
  attribute('card_brand', 'text', 'Card brand'),
  attribute('card_last4', 'text', 'Card number, last four'),
  attribute('payment_method', 'text', 'Payment method'),
  attribute('payment_intent_id', 'text', 'Payment intent'),
] as const;

const DECLINE = [
  attribute('failure_code', 'text', 'Failure code'),
  attribute('decline_code', 'text', 'Decline code'),
  attribute('failure_message', 'text', 'Reason'),
] as const;

const INVOICE = [
  attribute('number', 'text', 'Invoice number'),
  attribute('status', 'text', 'Status'),
  attribute('billing_reason', 'text', 'Billing reason'),
  attribute('total_minor', 'money', 'Total'),
  attribute('subtotal_minor', 'money', 'Subtotal'),
  attribute('amount_due_minor', 'money', 'Amount due'),
  attribute('amount_paid_minor', 'money', 'Amount paid'),
  CURRENCY,
  attribute('collection_method', 'text', 'Collection method'),
  attribute('attempt_count', 'number', 'Payment attempts'),
  attribute('due_at', 'time', 'Due'),
  attribute('hosted_invoice_url', 'url', 'Invoice page'),
  attribute('description', 'text', 'Description'),
  attribute('subscription_id', 'text', 'Subscription'),
] as const;

const SUBSCRIPTION = [
  attribute('status', 'text', 'Status'),
  attribute('plan', 'text', 'Plan'),
  attribute('product_id', 'text', 'Product'),
  attribute('price_id', 'text', 'Price'),
  attribute('quantity', 'number', 'Quantity'),
  attribute('amount_minor', 'money', 'Amount per period'),
  CURRENCY,
  attribute('interval', 'text', 'Billed every'),
  attribute('interval_count', 'number', 'Intervals per period'),
] as const;

const TRIAL = [
  ...SUBSCRIPTION,
  attribute('trial_starts_at', 'time', 'Trial start'),
  attribute('trial_ends_at', 'time', 'Trial end'),
] as const;

const CANCELLATION = [
  attribute('reason', 'text', 'Why it ended'),
  attribute('feedback', 'text', 'Feedback'),
  attribute('comment', 'text', 'Comment'),
] as const;

const DISPUTE = [
  attribute('status', 'text', 'Status'),
  attribute('amount_minor', 'money', 'Amount'),
  CURRENCY,
  attribute('reason', 'text', 'Reason'),
  attribute('charge_id', 'text', 'Charge'),
  attribute('payment_intent_id', 'text', 'Payment intent'),
  attribute('evidence_due_at', 'time', 'Answer due'),
] as const;

const EMAIL = [
  attribute('email_id', 'number', 'E-mail'),
  attribute('email', 'text', 'E-mail name'),
  attribute('subject', 'text', 'Subject'),
  attribute('class', 'text', 'Class'),
  attribute('run_id', 'text', 'Playbook run'),
] as const;

export const ACTIVITY_TYPES = [
  {
    id: 1,
    name: 'charge',
    label: 'Charge',
    description: 'A payment went through or failed. The amount counts only when it went through.',
    has_amount: true,
    attributes: [...CHARGE, ...DECLINE, attribute('receipt_url', 'url', 'Receipt')],
  },
  {
    id: 2,
    name: 'invoice',
    label: 'Invoice',
    description: 'An invoice was issued.',
    has_amount: true,
    attributes: INVOICE,
  },
  {
    id: 3,
    name: 'new_trial',
    label: 'New trial',
    description: 'A trial began.',
    has_amount: false,
    attributes: TRIAL,
  },
  {
    id: 4,
    name: 'trial_cancelled',
    label: 'Trial cancelled',
    description: 'The customer decided, during the trial, that it shall not go on.',
    has_amount: false,
    attributes: [...TRIAL, ...CANCELLATION],
  },
  {
    id: 5,
    name: 'trial_expired',
    label: 'Trial expired',
    description: 'A trial ran out and nothing followed, though nobody had cancelled it.',
    has_amount: false,
    attributes: TRIAL,
  },
  {
    id: 6,
    name: 'subscription_change',
    label: 'Subscription change',
    description: 'The plan or the quantity of a running subscription changed.',
    has_amount: false,
    attributes: [
      ...SUBSCRIPTION,
      attribute('previous_plan', 'text', 'Previous plan'),
      attribute('previous_product_id', 'text', 'Previous product'),
      attribute('previous_price_id', 'text', 'Previous price'),
      attribute('previous_quantity', 'number', 'Previous quantity'),
      attribute('previous_amount_minor', 'money', 'Previous amount per period'),
      attribute('previous_interval', 'text', 'Previously billed every'),
      attribute('previous_interval_count', 'number', 'Previous intervals per period'),
      attribute('direction', 'text', 'Direction'),
    ],
  },
  {
    id: 7,
    name: 'subscription_cancelled',
    label: 'Subscription cancelled',
    description:
      'A subscription ended. One that ended within its trial is told by the trial instead.',
    has_amount: false,
    attributes: [
      ...SUBSCRIPTION,
      ...CANCELLATION,
      attribute('requested_at', 'time', 'Cancellation requested'),
    ],
  },
  {
    id: 8,
    name: 'subscription_started',
    label: 'Subscription started',
    description: 'A subscription came into force: at once, or after its trial.',
    has_amount: false,
    attributes: SUBSCRIPTION,
  },
  {
    id: 9,
    name: 'trial_converted',
    label: 'Trial converted',
    description:
      'A trial ended and a subscription with a price followed. Its first payment comes about an hour later and may still fail.',
    has_amount: false,
    attributes: TRIAL,
  },
  {
    id: 10,
    name: 'payment_failed',
    label: 'Payment failed',
    description: 'An attempt to charge the customer failed. One for each attempt.',
    has_amount: true,
    attributes: [...CHARGE, ...DECLINE],
  },
  {
    id: 11,
    name: 'payment_recovered',
    label: 'Payment recovered',
    description: 'An invoice was paid after an attempt had failed.',
    has_amount: true,
    attributes: INVOICE,
  },
  {
    id: 12,
    name: 'invoice_paid',
    label: 'Invoice paid',
    description: 'An invoice over more than nothing was paid.',
    has_amount: true,
    attributes: INVOICE,
  },
  {
    id: 13,
    name: 'refund',
    label: 'Refund',
    description: 'Money was given back.',
    has_amount: true,
    attributes: [
      attribute('status', 'text', 'Status'),
      attribute('amount_minor', 'money', 'Amount'),
      CURRENCY,
      attribute('reason', 'text', 'Reason'),
      attribute('charge_id', 'text', 'Charge'),
      attribute('payment_intent_id', 'text', 'Payment intent'),
    ],
  },
  {
    id: 14,
    name: 'email_sent',
    label: 'E-mail sent',
    description: 'A mail of ours was handed to the mail server.',
    has_amount: false,
    attributes: EMAIL,
  },
  {
    id: 15,
    name: 'email_failed',
    label: 'E-mail failed',
    description: 'A mail of ours could not be delivered.',
    has_amount: false,
    attributes: [...EMAIL, attribute('reason', 'text', 'Reason')],
  },
  {
    id: 16,
    name: 'dispute_opened',
    label: 'Dispute opened',
    description: 'The customer contested a payment with their bank.',
    has_amount: true,
    attributes: DISPUTE,
  },
  {
    id: 17,
    name: 'dispute_closed',
    label: 'Dispute closed',
    description: 'A contested payment was decided: the status says won or lost.',
    has_amount: true,
    attributes: DISPUTE,
  },
  {
    id: 18,
    name: 'invoice_overdue',
    label: 'Invoice overdue',
    description: 'An invoice to be paid by a date was not paid by then.',
    has_amount: true,
    attributes: INVOICE,
  },
  {
    id: 19,
    name: 'past_due',
    label: 'Past due',
    description: 'A subscription’s payment failed, and it is in arrears since.',
    has_amount: false,
    attributes: SUBSCRIPTION,
  },
  {
    id: 20,
    name: 'credit_note',
    label: 'Credit note',
    description: 'An amount of an invoice was credited.',
    has_amount: true,
    attributes: [
      attribute('number', 'text', 'Number'),
      attribute('status', 'text', 'Status'),
      attribute('reason', 'text', 'Reason'),
      attribute('total_minor', 'money', 'Total'),
      CURRENCY,
      attribute('invoice_id', 'text', 'Invoice'),
      attribute('memo', 'text', 'Memo'),
    ],
  },
  {
    id: 21,
    name: 'checkout_completed',
    label: 'Checkout completed',
    description: 'A checkout was gone through to its end.',
    has_amount: true,
    attributes: [
      attribute('mode', 'text', 'Mode'),
      attribute('payment_status', 'text', 'Payment status'),
      attribute('amount_minor', 'money', 'Amount'),
      CURRENCY,
      attribute('email', 'text', 'E-mail'),
      attribute('subscription_id', 'text', 'Subscription'),
      attribute('invoice_id', 'text', 'Invoice'),
      attribute('payment_link', 'text', 'Payment link'),
    ],
  },
  {
    id: 22,
    name: 'trial_ending',
    label: 'Trial ending',
    description:
      'A trial that goes on ends in three days. Trials of three days or less are not told.',
    has_amount: false,
    attributes: TRIAL,
  },
  {
    id: 23,
    name: 'card_expiring',
    label: 'Card expiring',
    description: 'The card that a running subscription is paid with expires within 30 days.',
    has_amount: false,
    attributes: [
      attribute('card_brand', 'text', 'Card brand'),
      attribute('card_last4', 'text', 'Card number, last four'),
      attribute('expires_on', 'text', 'Last day of validity'),
      attribute('payment_method_id', 'text', 'Payment method'),
      attribute('subscription_id', 'text', 'Subscription'),
    ],
  },
  {
    id: 24,
    name: 'reactivated',
    label: 'Reactivated',
    description: 'A paid subscription came into force after the last one had ended.',
    has_amount: false,
    attributes: SUBSCRIPTION,
  },
] as const satisfies readonly ActivityDefinition[];

export type ActivityName = (typeof ACTIVITY_TYPES)[number]['name'];

/** The definition of an activity by its name or its stored id, or null. */
export function findActivityType(key: string | number): (typeof ACTIVITY_TYPES)[number] | null {
  return ACTIVITY_TYPES.find((type) => type.name === key || type.id === key) ?? null;
}
