import type { AudienceTemplate } from '../template.ts';

/** The stages of a subscription business that can be told from Stripe's data alone. */
export const AUDIENCES: AudienceTemplate[] = [
  {
    kind: 'audience',
    key: 'audience/on-a-trial',
    name: 'On a trial',
    description: 'Has a subscription that is in its trial now.',
    definition: { field: 'trialing_subscriptions', operator: 'gt', value: 0 },
  },
  {
    kind: 'audience',
    key: 'audience/trial-ends-soon',
    name: 'Trial ends within 3 days',
    description: 'On a trial that ends within the next three days. People leave at the hour.',
    definition: {
      all: [
        { field: 'trialing_subscriptions', operator: 'gt', value: 0 },
        { field: 'trial_ends_at', operator: 'within_next', days: 3 },
      ],
    },
  },
  {
    kind: 'audience',
    key: 'audience/paying-customers',
    name: 'Paying customers',
    description: 'Brings recurring revenue now.',
    definition: { field: 'mrr_minor', operator: 'gt', value: 0 },
  },
  {
    kind: 'audience',
    key: 'audience/past-due',
    name: 'Past due',
    description: 'Owes a payment: a subscription is past due or unpaid, or an invoice is overdue.',
    definition: {
      any: [
        { field: 'subscription_status', operator: 'one_of', values: ['past_due', 'unpaid'] },
        { field: 'delinquent_since_at', operator: 'has_value' },
      ],
    },
  },
  {
    kind: 'audience',
    key: 'audience/churned',
    name: 'Churned',
    description: 'Paid once, and every subscription has ended.',
    definition: {
      all: [
        { field: 'subscription_status', operator: 'is', value: 'canceled' },
        { field: 'first_paid_at', operator: 'has_value' },
      ],
    },
  },
];
