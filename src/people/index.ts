export { PEOPLE_SORTS, STANDINGS } from './definition.ts';
export type { PeopleSort, Standing } from './definition.ts';
export { getPerson } from './get-person.ts';
export type { PersonProfile } from './get-person.ts';
export { listPeople } from './list-people.ts';
export type { PeopleList, PeopleQuery } from './list-people.ts';
export { countPeople } from './queries/counts.ts';
export { findPeopleByCustomers, holdPeople, listCustomersOf } from './queries/keys.ts';
export { markEverybody, markPeople, takeMarks } from './queries/marks.ts';
export { deleteKeysOf, deletePeople, listOwnersOf } from './queries/remove.ts';
export type { OwnersOfSource } from './queries/remove.ts';
export type { PersonRow } from './queries/person-row.ts';
export type {
  PersonCustomer,
  PersonInvoice,
  PersonState,
  PersonSubscription,
} from './queries/profile.ts';
export { refreshState, saveMrr } from './refresh-state.ts';
export type { PersonMrr } from './queries/state.ts';
export { resolveCustomers } from './resolve-customers.ts';
export type { Customer, Resolved } from './resolve-customers.ts';
