import type Stripe from 'stripe';
import type { State } from '../state.ts';
import type { Wire } from '../wire.ts';

export interface ProductRow {
  id: string;
  created: number;
  updated: number;
  name: string;
  description: string | null;
  active: boolean;
  default_price: string | null;
  unit_label: string | null;
  metadata: Record<string, string>;
  deleted: boolean;
}

export function renderProduct(state: State, row: ProductRow): Wire<Stripe.Product> {
  return {
    id: row.id,
    object: 'product',
    active: row.active,
    created: row.created,
    default_price: row.default_price,
    description: row.description,
    images: [],
    livemode: state.settings.livemode,
    marketing_features: [],
    metadata: row.metadata,
    name: row.name,
    package_dimensions: null,
    shippable: null,
    statement_descriptor: null,
    tax_code: null,
    tax_details: null,
    type: 'service',
    unit_label: row.unit_label,
    updated: row.updated,
    url: null,
  };
}
