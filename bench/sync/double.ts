export interface DoubleSize {
  customers: number;
  invoices_each: number;
  canceled_ratio: number;
  products: number;
  prices: number;
  latency_ms: number;
}

/** What the second port answers at `/report`. */
export interface DoubleReport {
  requests: number;
  rate_limited: number;
  cpu_s: number;
}

export const LISTS = [
  'products',
  'prices',
  'customers',
  'subscriptions',
  'invoices',
  'charges',
] as const;
