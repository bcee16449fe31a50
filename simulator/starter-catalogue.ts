import { createCoupon, createPrice, createProduct } from './catalogue.ts';
import type { State } from './state.ts';

/** What a made-up software company sells; every world starts with it. Amounts in minor units. */
export interface StarterCatalogue {
  /** Plans from small to large, each as a monthly and a yearly price. */
  plans: { monthly: string; yearly: string; by_seat: boolean }[];
  add_on: string;
  coupons: { welcome: string; quarter: string; friends: string; off_ten: string };
}

const PLANS = [
  { slug: 'starter', name: 'Starter', amount: 1900, by_seat: false },
  { slug: 'growth', name: 'Growth', amount: 4900, by_seat: false },
  { slug: 'team', name: 'Team', amount: 1200, by_seat: true },
  { slug: 'business', name: 'Business', amount: 19_900, by_seat: false },
];

/** The ids, which are the same in every world. */
export const STARTER_CATALOGUE: StarterCatalogue = {
  plans: PLANS.map(({ slug, by_seat }) => ({
    monthly: `price_${slug}_month`,
    yearly: `price_${slug}_year`,
    by_seat,
  })),
  add_on: 'price_storage_month',
  coupons: {
    welcome: 'WELCOME20',
    quarter: 'QUARTER50',
    friends: 'FRIENDS10',
    off_ten: 'TENOFF',
  },
};

export function createStarterCatalogue(state: State): StarterCatalogue {
  for (const { slug, name, amount, by_seat } of PLANS) {
    const product = createProduct(state, {
      id: `prod_${slug}`,
      name,
      ...(by_seat ? { unit_label: 'seat' } : {}),
    });
    for (const interval of ['month', 'year'] as const) {
      createPrice(state, {
        id: `price_${slug}_${interval}`,
        product: product.id,
        // A year costs ten months.
        unit_amount: interval === 'month' ? amount : amount * 10,
        interval,
        nickname: `${name} by the ${interval}`,
        lookup_key: `${slug}_${interval}`,
      });
    }
  }
  const storage = createProduct(state, {
    id: 'prod_storage',
    name: 'Extra storage',
    unit_label: 'GB',
  });
  createPrice(state, {
    id: STARTER_CATALOGUE.add_on,
    product: storage.id,
    nickname: 'Extra storage',
    tiers_mode: 'graduated',
    tiers: [
      { up_to: 10, unit_amount: 100 },
      { up_to: null, unit_amount: 80 },
    ],
  });
  const { welcome, quarter, friends, off_ten } = STARTER_CATALOGUE.coupons;
  createCoupon(state, { id: welcome, name: 'Welcome, 20% off', percent_off: 20 });
  createCoupon(state, {
    id: quarter,
    name: 'Half price for three months',
    percent_off: 50,
    duration: 'repeating',
    duration_in_months: 3,
  });
  createCoupon(state, {
    id: friends,
    name: 'Friends, 10% off for good',
    percent_off: 10,
    duration: 'forever',
  });
  createCoupon(state, {
    id: off_ten,
    name: 'Ten off for good',
    amount_off: 1000,
    duration: 'forever',
  });
  return STARTER_CATALOGUE;
}
