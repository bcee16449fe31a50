import { renderBalanceTransaction, renderPayout } from '../resources/balance.ts';
import { renderCreditNote } from '../resources/credit-note.ts';
import { renderDispute } from '../resources/dispute.ts';
import { renderSetupIntent } from '../resources/setup-intent.ts';
import { by, define, within } from './define-resource.ts';
import type { ResourceRoute } from './define-resource.ts';

/** What happens to money besides charges and refunds. */
export const MONEY_RESOURCES: ResourceRoute[] = [
  define({
    path: '/v1/credit_notes',
    noun: 'credit_note',
    slugs: ['credit_note'],
    rows: (state) => state.creditNotes,
    render: renderCreditNote,
    filters: { customer: by('customer'), customer_account: () => false, invoice: by('invoice') },
  }),
  define({
    path: '/v1/disputes',
    noun: 'dispute',
    slugs: ['dispute'],
    rows: (state) => state.disputes,
    render: renderDispute,
    filters: { charge: by('charge'), payment_intent: by('payment_intent') },
  }),
  define({
    path: '/v1/payouts',
    noun: 'payout',
    slugs: ['payout'],
    rows: (state) => state.payouts,
    render: renderPayout,
    filters: {
      arrival_date: within('arrival_date', 'arrival_date'),
      destination: by('destination'),
      status: by('status'),
    },
  }),
  define({
    path: '/v1/balance_transactions',
    noun: 'balance_transaction',
    slugs: ['balance_transaction_source'],
    rows: (state) => state.balanceTransactions,
    render: renderBalanceTransaction,
    filters: {
      currency: by('currency'),
      // The payout's own transaction is part of it too.
      payout: (row, value) => row.payout === value || row.source === value,
      source: by('source'),
      type: by('type'),
    },
  }),
  define({
    path: '/v1/setup_intents',
    noun: 'setup_intent',
    slugs: ['setup_intent'],
    rows: (state) => state.setupIntents,
    render: renderSetupIntent,
    filters: {
      customer: by('customer'),
      customer_account: () => false,
      payment_method: by('payment_method'),
      attach_to_self: (_row, value) => value === 'false',
    },
  }),
];
