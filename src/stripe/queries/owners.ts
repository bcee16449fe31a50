import type { Json, ObjectChange, Resource } from '../../objects/index.ts';
import { lockInTransaction, sql } from '../../platform/index.ts';
import type { Context } from '../../platform/index.ts';

/** An id, or the id of an expanded object. */
export function idOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  const id = (value as { id?: unknown } | null | undefined)?.id;
  return typeof id === 'string' ? id : null;
}

const shown = (change: ObjectChange): Json => change.after ?? change.before ?? {};

/**
 * The customer each changed object belongs to, by object id. Most objects name it; refunds and
 * invoice payments are found through the charge or invoice they belong to.
 */
export async function findOwners(
  tx: Context,
  source_id: number,
  changes: ObjectChange[],
): Promise<Map<string, string>> {
  const owners = new Map<string, string>();
  const through = new Map<string, { resource: Resource; id: string }>();
  for (const change of changes) {
    const object = shown(change);
    const own = change.resource === 'customers' ? change.id : idOf(object.customer);
    const charge = idOf(object.charge);
    const invoice = idOf(object.invoice);
    if (own) owners.set(change.id, own);
    else if (charge) through.set(change.id, { resource: 'charges', id: charge });
    else if (invoice) through.set(change.id, { resource: 'invoices', id: invoice });
  }
  for (const resource of ['charges', 'invoices'] as const) {
    const wanted = [...through].filter(([, parent]) => parent.resource === resource);
    const ids = [...new Set(wanted.map(([, parent]) => parent.id))];
    const customers = await readCustomers(tx, source_id, resource, ids);
    for (const [id, parent] of wanted) {
      const customer = customers.get(parent.id);
      if (customer) owners.set(id, customer);
    }
  }
  return owners;
}

async function readCustomers(
  tx: Context,
  source_id: number,
  resource: 'charges' | 'invoices',
  ids: string[],
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ id: string; customer: string }>`
    select id, customer from ${sql.table(`stripe.${resource}`)}
     where source_id = ${source_id} and id = any(${ids}) and customer is not null`.execute(tx.db);
  return new Map(rows.map((row) => [row.id, row.customer]));
}

/**
 * Lets transactions that bring a charge, or what belongs to one, finish one after the other. At once,
 * neither would see the other's rows: the refund would find no owner and the charge no refund.
 */
export async function takeTurns(
  tx: Context,
  source_id: number,
  changes: ObjectChange[],
): Promise<void> {
  const isConcerned = changes.some(({ resource, after }) => {
    if (resource === 'charges') return isRefunded(after) || after?.disputed === true;
    return (resource === 'refunds' || resource === 'disputes') && idOf(after?.customer) === null;
  });
  if (isConcerned) await lockInTransaction(tx, `owners of what belongs to charges of ${source_id}`);
}

const isRefunded = (charge: Json | null): boolean => Number(charge?.amount_refunded) > 0;

/**
 * Refunds and disputes that came before the charge they belong to, whose owner was unknown then.
 * They are looked at again as if they had just arrived; what they say twice is recorded once.
 */
export async function listOrphans(
  tx: Context,
  source_id: number,
  changes: ObjectChange[],
): Promise<ObjectChange[]> {
  const fresh = changes.filter(({ resource, before }) => resource === 'charges' && !before);
  const refunded = fresh.filter(({ after }) => isRefunded(after));
  const disputed = fresh.filter(({ after }) => after?.disputed === true);
  const known = new Set(changes.map((change) => change.id));
  const found = [
    ...(await listOfCharges(tx, source_id, 'refunds', refunded)),
    ...(await listOfCharges(tx, source_id, 'disputes', disputed)),
  ];
  return found.filter((one) => !known.has(one.id) && idOf(one.after?.customer) === null);
}

async function listOfCharges(
  tx: Context,
  source_id: number,
  resource: 'refunds' | 'disputes',
  charges: ObjectChange[],
): Promise<ObjectChange[]> {
  if (charges.length === 0) return [];
  const origins = new Map(charges.map(({ id, origin }) => [id, origin]));
  const { rows } = await sql<{ id: string; charge: string; raw: Json; version_at: Date }>`
    select id, charge, raw, version_at from ${sql.table(`stripe.${resource}`)}
     where source_id = ${source_id} and charge = any(${[...origins.keys()]})
       and deleted_at is null`.execute(tx.db);
  return rows.map((row) => ({
    source_id,
    resource,
    id: row.id,
    before: null,
    after: row.raw,
    at: row.version_at,
    origin: origins.get(row.charge)!,
  }));
}
