import type { LineRow } from '../resources/invoice.ts';
import type { TaxAmountRow, TaxIdRow, TaxRateRow } from '../resources/tax.ts';
import { HOUR } from '../clock.ts';
import type { State } from '../state.ts';
import { share } from './amount.ts';

export interface TaxRateOptions {
  id?: string;
  display_name: string;
  percentage: number;
  inclusive?: boolean;
  country?: string;
  description?: string;
  jurisdiction?: string;
  tax_type?: TaxRateRow['tax_type'];
  metadata?: Record<string, string>;
}

export function createTaxRate(state: State, options: TaxRateOptions): TaxRateRow {
  const row = state.taxRates.put({
    id: options.id ?? state.ids.make('txr_', 24),
    created: state.now(),
    display_name: options.display_name,
    percentage: options.percentage,
    inclusive: options.inclusive ?? false,
    active: true,
    country: options.country ?? null,
    description: options.description ?? null,
    jurisdiction: options.jurisdiction ?? options.country ?? null,
    tax_type: options.tax_type ?? 'vat',
    metadata: options.metadata ?? {},
  });
  state.emit('tax_rate.created', 'tax_rate', row);
  return row;
}

export function updateTaxRate(
  state: State,
  id: string,
  change: Partial<Pick<TaxRateRow, 'active' | 'description' | 'display_name' | 'metadata'>>,
): TaxRateRow {
  const before = state.taxRates.get(id);
  const after = state.taxRates.put({ ...before, ...change });
  state.emit('tax_rate.updated', 'tax_rate', after, before);
  return after;
}

/** What a rate asks on an amount: on top of it, or the part of it that is tax. */
function taxOn(amount: number, rate: TaxRateRow): TaxAmountRow {
  const percent = Math.round(rate.percentage * 10_000);
  const whole = rate.inclusive ? 1_000_000 + percent : 1_000_000;
  const tax = share(amount, percent, whole);
  return {
    tax_rate: rate.id,
    amount: tax,
    taxable_amount: rate.inclusive ? amount - tax : amount,
    inclusive: rate.inclusive,
  };
}

/** Lines with the taxes on what the discounts leave of them. */
export function taxLines(state: State, lines: LineRow[], rates: string[]): LineRow[] {
  if (rates.length === 0) return lines;
  return lines.map((line) => {
    const off = line.discount_amounts.reduce((sum, entry) => sum + entry.amount, 0);
    const taxes = rates.map((id) => taxOn(line.amount - off, state.taxRates.get(id)));
    return { ...line, taxes };
  });
}

/** The part of a line's taxes that is not in its price already. */
export const taxOnTop = (line: { taxes?: TaxAmountRow[] }): number =>
  (line.taxes ?? []).reduce((sum, tax) => sum + (tax.inclusive ? 0 : tax.amount), 0);

const COUNTRY: Record<string, string> = { gb_vat: 'GB', ch_vat: 'CH', us_ein: 'US', au_abn: 'AU' };

/** A customer's tax number. European ones are verified within the hour. */
export function addTaxId(
  state: State,
  customer: string,
  options: { type: TaxIdRow['type']; value: string },
): TaxIdRow {
  const european = options.type === 'eu_vat';
  const row = state.taxIds.put({
    id: state.ids.make('txi_', 24),
    created: state.now(),
    customer: state.customers.get(customer).id,
    type: options.type,
    value: options.value,
    country: european ? options.value.slice(0, 2) : (COUNTRY[options.type] ?? null),
    verification: european ? 'pending' : 'unavailable',
    verified_name: null,
    deleted: false,
  });
  state.emit('customer.tax_id.created', 'tax_id', row);
  if (european) state.agenda.add(state.now() + HOUR, 'verify_tax_id', row.id);
  return row;
}

export function verifyTaxId(state: State, id: string): void {
  const before = state.taxIds.get(id);
  if (before.deleted || before.verification !== 'pending') return;
  const verified_name = state.customers.get(before.customer).name;
  const after = state.taxIds.put({ ...before, verification: 'verified', verified_name });
  state.emit('customer.tax_id.updated', 'tax_id', after, before);
}

export function removeTaxId(state: State, id: string): TaxIdRow {
  const row = state.taxIds.put({ ...state.taxIds.get(id), deleted: true });
  state.emit('customer.tax_id.deleted', 'tax_id', row);
  return row;
}
