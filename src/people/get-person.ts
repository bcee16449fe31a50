import { AppError } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import type { PersonRow } from './queries/person-row.ts';
import {
  findPersonWithState,
  listEmails,
  listPersonCustomers,
  listPersonInvoices,
  listPersonSubscriptions,
} from './queries/profile.ts';
import type {
  PersonCustomer,
  PersonInvoice,
  PersonState,
  PersonSubscription,
} from './queries/profile.ts';

export interface PersonProfile {
  person: PersonRow;
  state: PersonState;
  /** Every address the person is known by, former ones included. */
  emails: string[];
  customers: PersonCustomer[];
  subscriptions: PersonSubscription[];
  /** The latest 50. */
  invoices: PersonInvoice[];
}

/**
 * All we keep about a person. The id of somebody who was merged leads to whom they became (see
 * `person.person_id`). Throws `person_not_found`.
 */
export async function getPerson(ctx: Context, person_id: number): Promise<PersonProfile> {
  const found = await findPersonWithState(ctx, person_id);
  if (!found)
    throw new AppError('person_not_found', 'There is no such person. Search the list of people.');
  const id = found.person.person_id;
  const [emails, customers, subscriptions, invoices] = await Promise.all([
    listEmails(ctx, id),
    listPersonCustomers(ctx, id),
    listPersonSubscriptions(ctx, id),
    listPersonInvoices(ctx, id, 50),
  ]);
  return { ...found, emails, customers, subscriptions, invoices };
}
