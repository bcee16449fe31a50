import type { ObjectChange } from '../../objects/index.ts';
import { sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';

const idsOf = (changes: ObjectChange[], resource: ObjectChange['resource']): string[] =>
  changes.filter((change) => change.resource === resource).map((change) => change.id);

/** Ids of the customers whose subscriptions rest on a product, price or coupon among the changes. */
export async function listSubscribersOf(
  tx: Context,
  source_id: number,
  changes: ObjectChange[],
): Promise<string[]> {
  const prices = idsOf(changes, 'prices');
  const products = idsOf(changes, 'products');
  const coupons = idsOf(changes, 'coupons');
  const found = new Set<string>();
  if (prices.length + products.length > 0) {
    const { rows } = await sql<{ customer: string }>`
      select distinct customer from stripe.subscription_items
       where source_id = ${source_id} and customer is not null
         and (price = any(${prices}) or product = any(${products}))`.execute(tx.db);
    for (const row of rows) found.add(row.customer);
  }
  if (coupons.length > 0) {
    // A discount names its coupon only when expanded, so everyone with a discount is meant.
    const { rows } = await sql<{ customer: string }>`
      select distinct customer from stripe.subscriptions
       where source_id = ${source_id} and customer is not null
         and (jsonb_array_length(coalesce(raw -> 'discounts', '[]')) > 0
           or raw @? '$.items.data[*].discounts[*]')`.execute(tx.db);
    for (const row of rows) found.add(row.customer);
  }
  return [...found];
}
