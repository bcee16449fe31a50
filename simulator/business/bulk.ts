import type { Task } from '../agenda.ts';
import { cancelSubscription } from '../billing/cancel.ts';
import { createPrice, createProduct } from '../catalogue.ts';
import { createCustomer } from '../billing/customer.ts';
import { boundary } from '../billing/period.ts';
import { subscribe } from '../billing/subscribe.ts';
import { DAY } from '../clock.ts';
import type { Runner } from '../runner.ts';
import type { Dress } from '../http/frozen-lists.ts';
import type { StarterCatalogue } from '../starter-catalogue.ts';
import type { State } from '../state.ts';
import type { Json } from '../wire.ts';
import { inventPerson } from './people.ts';

/** An account of exact size, for measuring. Every invoice is paid by one charge. */
export interface BulkOptions {
  customers: number;
  /** Default: one for each customer. */
  subscriptions?: number;
  /** Share of the subscriptions that have ended. Default 0. */
  canceled_ratio?: number;
  /** Shared evenly over the subscriptions. Default: one for each. */
  invoices?: number;
  /** Size of the catalogue in all. Default: the starter catalogue. */
  products?: number;
  prices?: number;
}

const asIs: Dress = (object) => object;

/**
 * The lists a frozen account shows, by path. Customers and charges get what real accounts write on
 * them, so that all have the size of real ones.
 */
export const BULK_LISTS: ReadonlyMap<string, Dress> = new Map<string, Dress>([
  ['/v1/products', asIs],
  ['/v1/prices', asIs],
  ['/v1/customers', (object) => ({ ...object, metadata: notesOf(object, 4) })],
  ['/v1/subscriptions', asIs],
  ['/v1/invoices', asIs],
  ['/v1/charges', (object) => ({ ...object, metadata: notesOf(object, 6) })],
]);

/** What a shop's own system leaves on its objects. */
function notesOf(object: Json, count: number): Record<string, string> {
  const id = String(object['id']);
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`reference_${index}`, `${id}/order/${index}`]),
  );
}

interface Plan {
  customer: number;
  invoices: number;
  canceled: boolean;
  price: string;
}

/** Builds accounts by plan: each subscription starts when it will have the wanted invoices. */
export class Bulk {
  readonly #state: State;
  readonly #catalogue: StarterCatalogue;
  readonly #plans: Plan[] = [];
  readonly #customers = new Map<number, string>();

  constructor(state: State, catalogue: StarterCatalogue) {
    this.#state = state;
    this.#catalogue = catalogue;
  }

  run(task: Task): boolean {
    if (task.kind === 'bulk_start') this.#start(Number(task.id));
    else if (task.kind === 'bulk_arrive') this.#customer(Number(task.id));
    else if (task.kind === 'bulk_cancel') cancelSubscription(this.#state, task.id);
    else return false;
    return true;
  }

  build(options: BulkOptions, runner: Runner, end: number): void {
    const { random, agenda } = this.#state;
    const start = this.#state.now();
    const subscriptions = options.subscriptions ?? options.customers;
    const invoices = options.invoices ?? subscriptions;
    if (invoices < subscriptions) throw new Error('Every subscription has at least one invoice');
    const canceled = Math.round(subscriptions * (options.canceled_ratio ?? 0));
    // No events at all: the account shall have exactly the objects that were asked for.
    this.#state.recordEventsFrom = Number.POSITIVE_INFINITY;
    this.#fillCatalogue(options);
    for (let index = 0; index < subscriptions; index += 1) {
      const extra = index < invoices % subscriptions ? 1 : 0;
      const count = Math.floor(invoices / subscriptions) + extra;
      const plan = this.#plan(index, index % options.customers, count, index < canceled);
      this.#plans.push(plan);
      const yearly = this.#isYearly(plan);
      // The last day from which all invoices fit before the end, and the ending too.
      const paid = boundary(end, yearly ? 'year' : 'month', -1, plan.invoices - 1);
      const latest = paid - (plan.canceled ? 7 : 1) * DAY;
      const earliest = plan.canceled ? start : paid - (yearly ? 360 : 26) * DAY;
      const from = Math.max(start, Math.min(earliest, latest));
      agenda.add(random.int(from, Math.max(from, latest)), 'bulk_start', String(index));
    }
    for (let index = subscriptions; index < options.customers; index += 1) {
      agenda.add(random.int(start, end), 'bulk_arrive', String(index));
    }
    runner.advanceAtOnce(end);
    this.#state.events.dropBefore(end);
    this.#state.recordEventsFrom = Number.NEGATIVE_INFINITY;
  }

  #fillCatalogue(options: BulkOptions): void {
    const { products, prices } = this.#state;
    for (let n = products.size; n < (options.products ?? 0); n += 1) {
      createProduct(this.#state, { id: `prod_bulk_${n}`, name: `Product ${n}` });
    }
    const sold = [...products];
    for (let n = prices.size; n < (options.prices ?? 0); n += 1) {
      const product = sold[n % sold.length];
      if (product === undefined) throw new Error('The catalogue has products');
      createPrice(this.#state, {
        id: `price_bulk_${n}`,
        product: product.id,
        unit_amount: 500 + n * 100,
      });
    }
  }

  #isYearly(plan: Plan): boolean {
    return this.#state.prices.get(plan.price).interval === 'year';
  }

  #plan(index: number, customer: number, invoices: number, canceled: boolean): Plan {
    const plan = this.#catalogue.plans[index % this.#catalogue.plans.length];
    if (plan === undefined) throw new Error('The catalogue has plans');
    // Yearly plans spread the account over three years; the others lie in the last months.
    const yearly = !canceled && invoices <= 3 && index % 2 === 0;
    return { customer, invoices, canceled, price: yearly ? plan.yearly : plan.monthly };
  }

  /** The id of the n-th customer, who signs up when first needed. */
  #customer(index: number): string {
    const known = this.#customers.get(index);
    if (known !== undefined) return known;
    const row = createCustomer(this.#state, inventPerson(this.#state.random, index));
    this.#customers.set(index, row.id);
    return row.id;
  }

  #start(index: number): void {
    const plan = this.#plans[index];
    if (plan === undefined) throw new Error(`There is no plan ${index}`);
    const customer = this.#customer(plan.customer);
    const items = [{ price: plan.price }];
    const subscription = subscribe(this.#state, { customer, items });
    if (!plan.canceled) return;
    const anchor = this.#state.now();
    const last = boundary(anchor, 'month', 1, plan.invoices - 1);
    this.#state.agenda.add(last + 5 * DAY, 'bulk_cancel', subscription.id);
  }
}
