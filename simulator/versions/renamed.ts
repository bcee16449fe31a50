import { renderCoupon } from '../resources/discount.ts';
import type { State } from '../state.ts';
import { isJson } from '../wire.ts';
import type { Json } from '../wire.ts';
import type { Change } from './change.ts';

/** The whole coupon, which used to be there without asking. */
function couponOf(state: State, holder: unknown): Json | null {
  const coupon = isJson(holder) ? holder['coupon'] : null;
  if (typeof coupon !== 'string') return isJson(coupon) ? coupon : null;
  const row = state.coupons.find(coupon);
  return row === undefined ? null : (renderCoupon(state, row) as unknown as Json);
}

/** Where something only moved or was called otherwise. */
export const RENAMED: Change[] = [
  {
    since: '2026-03-25',
    object: 'checkout.session',
    undo: (session) => {
      session['ui_mode'] = 'hosted';
    },
  },
  {
    since: '2025-09-30',
    object: 'discount',
    undo: (discount, state) => {
      discount['coupon'] = couponOf(state, discount['source']);
      delete discount['source'];
    },
  },
  {
    since: '2025-09-30',
    object: 'promotion_code',
    undo: (code, state) => {
      code['coupon'] = couponOf(state, code['promotion']);
      delete code['promotion'];
    },
  },
  {
    since: '2025-03-31',
    object: 'price',
    undo: (price) => {
      if (isJson(price['recurring'])) price['recurring']['aggregate_usage'] = null;
    },
  },
  {
    since: '2025-03-31',
    object: 'plan',
    undo: (plan) => {
      plan['aggregate_usage'] = null;
    },
  },
  {
    since: '2025-03-31',
    object: 'checkout.session',
    undo: (session) => {
      session['shipping_details'] = null;
    },
  },
  {
    since: '2025-03-31',
    object: 'charge',
    undo: (charge, state) => {
      charge['invoice'] = state.charges.find(String(charge['id']))?.invoice ?? null;
    },
  },
  {
    since: '2025-03-31',
    object: 'payment_intent',
    undo: (intent, state) => {
      intent['invoice'] = state.paymentIntents.find(String(intent['id']))?.invoice ?? null;
    },
  },
  {
    since: '2024-06-20',
    object: 'invoice',
    undo: (invoice) => {
      invoice['rendering_options'] = null;
    },
  },
  {
    since: '2024-06-20',
    object: 'product',
    undo: (product) => {
      product['features'] = product['marketing_features'];
      delete product['marketing_features'];
    },
  },
];
