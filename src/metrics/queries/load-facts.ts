import { upgradeObject } from '../../objects/index.ts';
import { sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';
import { collectFacts } from '../stripe-facts/collect-facts.ts';
import type { Json } from '../stripe-facts/json.ts';
import { idOf, idsOf, list, object } from '../stripe-facts/json.ts';
import type { Catalogue, CustomerFacts } from '../ledger/facts.ts';

interface CustomerRow {
  person_id: number;
  source_id: number;
  customer: string;
  raw: { discount: Json | null } | null;
}

/** Everything the ledger of these people rests on, read set by set in a fixed number of statements. */
export async function loadFacts(
  tx: Context,
  person_ids: readonly number[],
): Promise<{ people: Map<number, CustomerFacts[]>; catalogue: Catalogue }> {
  const { rows: owned } = await sql<CustomerRow>`
    select k.person_id, k.source_id, k.customer,
           jsonb_build_object('discount', c.raw->'discount') as raw
      from person_keys k
      left join stripe.customers c on c.source_id = k.source_id and c.id = k.customer
     where k.kind = 'customer' and k.person_id = any(${person_ids}::int[])`.execute(tx.db);
  const wanted = sql`unnest(${owned.map((row) => row.source_id)}::int[],
                            ${owned.map((row) => row.customer)}::text[]) as wanted(source_id, customer)`;
  const { rows: subscriptions } = await sql<{ source_id: number; raw: Json; at: number }>`
    select s.source_id, s.raw - '{metadata,latest_invoice,payment_settings}'::text[] as raw,
           floor(extract(epoch from s.version_at))::bigint as at
      from ${wanted} join stripe.subscriptions s using (source_id, customer)`.execute(tx.db);
  const { rows: invoices } = await sql<{ source_id: number; raw: Json }>`
    select i.source_id, to_jsonb(slim) as raw
      from ${wanted} join stripe.invoices i using (source_id, customer)
      cross join lateral jsonb_to_record(i.raw) as slim(${fields(INVOICE_FIELDS)})
     where i.deleted_at is null`.execute(tx.db);
  const { rows: lines } = await sql<{ source_id: number; raw: Json }>`
    select l.source_id, l.raw
      from ${wanted} join stripe.invoice_line_items l using (source_id, customer)
     where l.deleted_at is null`.execute(tx.db);
  const items = await loadItems(tx, subscriptions);
  const events = await loadEvents(tx, subscriptions);
  const seen = [...subscriptions.map((row) => row.raw), ...events.map((row) => row.object)];
  const { customers, catalogue } = collectFacts({
    customers: owned,
    subscriptions,
    items,
    invoices,
    lines,
    events,
    discounts: await loadDiscounts(tx, owned, [...seen, ...lines.map((row) => row.raw)]),
    ...(await loadCatalogue(tx, owned, [...seen, ...lines.map((row) => row.raw)])),
  });
  const people = new Map(person_ids.map((id) => [id, [] as CustomerFacts[]]));
  for (const [index, row] of owned.entries()) people.get(row.person_id)?.push(customers[index]!);
  return { people, catalogue };
}

const INVOICE_FIELDS = [
  'id',
  'customer',
  'subscription',
  'parent',
  'status',
  'paid',
  'billing_reason',
  'created',
  'status_transitions',
  'status_details',
  'attempt_count',
  'discounts',
];

/**
 * Only the fields that are read: an invoice is large and most of it is not. As a record, because
 * each `->` would unpack the whole stored object again.
 */
function fields(names: readonly string[]) {
  return sql.join(names.map((name) => sql`${sql.ref(name)} jsonb`));
}

type Subscriptions = { source_id: number; raw: Json }[];

/** Items of subscriptions with more of them than the object shows. */
async function loadItems(tx: Context, subscriptions: Subscriptions) {
  const more = subscriptions.filter((row) => object(row.raw.items)?.has_more === true);
  if (more.length === 0) return [];
  const { rows } = await sql<{ source_id: number; subscription: string; raw: Json }>`
    select source_id, subscription, raw from ${idPairs(more)}
      join stripe.subscription_items using (source_id, subscription)
     where deleted_at is null`.execute(tx.db);
  return rows;
}

function idPairs(rows: Subscriptions) {
  return sql`unnest(${rows.map((row) => row.source_id)}::int[],
                    ${rows.map((row) => String(row.raw.id))}::text[]) as wanted(source_id, subscription)`;
}

const STATE_EVENTS = ['created', 'updated', 'deleted', 'paused', 'resumed'].map(
  (name) => `customer.subscription.${name}`,
);

async function loadEvents(tx: Context, subscriptions: Subscriptions) {
  if (subscriptions.length === 0) return [];
  const { rows } = await sql<EventRow & { source_id: number; id: string; created: number }>`
    select e.source_id, e.id, extract(epoch from e.created_at)::bigint as created,
           e.raw->>'api_version' as api_version,
           (e.raw #> '{data,object}') - '{metadata,latest_invoice,payment_settings}'::text[] as object
      from ${idPairs(subscriptions)}
      join stripe.events e on e.source_id = wanted.source_id and e.object_id = wanted.subscription
     where e.type = any(${STATE_EVENTS})`.execute(tx.db);
  return rows.map((row) => ({ ...row, object: inTodaysShape(row) }));
}

interface EventRow {
  object: Json;
  api_version: string | null;
}

/** Events stay as they were sent; one of a version that is not known is read as it is. */
const inTodaysShape = ({ object: sent, api_version }: EventRow): Json =>
  upgradeObject(sent, api_version) ?? sent;

/** Today a line or subscription names a discount only by id; the event of its creation tells the coupon. */
async function loadDiscounts(tx: Context, owned: CustomerRow[], seen: Json[]): Promise<Json[]> {
  const ids = new Set<string>();
  for (const raw of seen) {
    for (const id of idsOf(raw.discounts)) ids.add(id);
    for (const entry of list(raw.discount_amounts)) ids.add(idOf(entry.discount) ?? '');
  }
  if (ids.size === 0) return [];
  const { rows } = await sql<EventRow>`
    select e.raw #> '{data,object}' as object, e.raw->>'api_version' as api_version from stripe.events e
     where e.source_id = any(${sourcesOf(owned)}::int[]) and e.object_id = any(${[...ids]})
       and e.type in ('customer.discount.created', 'customer.discount.updated')
     order by e.created_at, e.id`.execute(tx.db);
  return rows.map(inTodaysShape);
}

function sourcesOf(owned: CustomerRow[]): number[] {
  return [...new Set(owned.map((row) => row.source_id))];
}

/** Prices and products by the ids that were met; coupons are few and taken whole. */
async function loadCatalogue(tx: Context, owned: CustomerRow[], seen: Json[]) {
  const priceIds = new Set<string>();
  for (const raw of seen) {
    const line = idOf(object(object(raw.pricing)?.price_details)?.price) ?? idOf(raw.price);
    if (line !== null) priceIds.add(line);
    for (const item of list(raw.items)) priceIds.add(idOf(item.price) ?? idOf(item.plan) ?? '');
  }
  const sources = sourcesOf(owned);
  const { rows: prices } = await sql<{ raw: Json }>`
    select raw from stripe.prices
     where source_id = any(${sources}::int[]) and id = any(${[...priceIds]})`.execute(tx.db);
  const productIds = new Set(prices.map((row) => idOf(row.raw.product) ?? ''));
  const { rows: products } = await sql<{ id: string; name: string }>`
    select id, name from stripe.products
     where source_id = any(${sources}::int[]) and id = any(${[...productIds]}) and name is not null
     order by source_id, id`.execute(tx.db);
  const { rows: coupons } = await sql<{ raw: Json }>`
    select raw from stripe.coupons where source_id = any(${sources}::int[]) order by source_id, id
  `.execute(tx.db);
  return { prices: prices.map((row) => row.raw), products, coupons: coupons.map((row) => row.raw) };
}
