import type { Json } from '../objects/index.ts';
import { idAt, integerAt, listAt, textAt } from './read-json.ts';

/**
 * What a subscription is for, in the words of its items. With several items the first stands for all
 * in `price_id` and `product_id`; quantity is their sum.
 */
export interface Plan extends Json {
  plan: string | null;
  product_id: string | null;
  price_id: string | null;
  quantity: number | null;
  /** What one period costs before discounts and tax; null for tiers, metering or mixed intervals. */
  amount_minor: number | null;
  interval: string | null;
  interval_count: number | null;
}

export function describePlan(subscription: Json): Plan {
  const items = listAt(subscription, 'items');
  const first = items[0] ?? {};
  const quantities = items.flatMap((item) => integerAt(item, 'quantity') ?? []);
  const names = items.flatMap(
    (item) => textAt(item, 'price', 'product', 'name') ?? textAt(item, 'price', 'nickname') ?? [],
  );
  return {
    plan: names.length > 0 ? [...new Set(names)].join(' + ') : null,
    product_id: idAt(first, 'price', 'product'),
    price_id: idAt(first, 'price'),
    quantity: quantities.length > 0 ? quantities.reduce((a, b) => a + b, 0) : null,
    amount_minor: amountOf(items),
    interval: textAt(first, 'price', 'recurring', 'interval'),
    interval_count: integerAt(first, 'price', 'recurring', 'interval_count'),
  };
}

/** Prices and quantities in an order of their own, so that two states can be compared. */
export function signatureOf(subscription: Json): string {
  return listAt(subscription, 'items')
    .map((item) => `${idAt(item, 'price')}*${integerAt(item, 'quantity') ?? 1}`)
    .toSorted()
    .join('+');
}

function amountOf(items: Json[]): number | null {
  const periods = new Set(
    items.map((item) => {
      const every = integerAt(item, 'price', 'recurring', 'interval_count');
      return `${every} ${textAt(item, 'price', 'recurring', 'interval')}`;
    }),
  );
  if (items.length === 0 || periods.size > 1) return null;
  let sum = 0;
  for (const item of items) {
    const unit = integerAt(item, 'price', 'unit_amount');
    const metered = textAt(item, 'price', 'recurring', 'usage_type') === 'metered';
    if (unit === null || metered) return null;
    sum += unit * (integerAt(item, 'quantity') ?? 1);
  }
  return sum;
}
