import type { MetricDefinition } from '../../../reports/definition.ts';
import type { TileResult } from '../../../api/contract/dashboards.ts';
import { colourFor } from '../../charts/palette.ts';
import type { ChartData } from '../../charts/options.ts';
import { formatCount, formatDate, formatMonth, humanise } from '../../lib/format.ts';
import { formatMoney, formatMoneyCompact } from '../../lib/money.ts';

type Series = Extract<TileResult, { kind: 'series' }>;
type Bars = Extract<TileResult, { kind: 'bars' }>;

/** How figures of a result are written: money when it has a currency, else plain numbers. */
export function formatsOf(currency: string | null): {
  full: (value: number) => string;
  short: (value: number) => string;
  /** Without cents above a thousand. */
  rounded: (value: number) => string;
} {
  if (!currency) return { full: formatCount, short: formatCount, rounded: formatCount };
  return {
    full: (value) => formatMoney(value, currency),
    short: (value) => formatMoneyCompact(value, currency),
    rounded: (value) => formatMoney(value, currency, { short: true }),
  };
}

/** A point as words: a day, a month, or its own name. */
export function labelOfPoint(point: string, interval: 'day' | 'month'): string {
  const [, date, part] = /^(\d{4}-\d{2}-\d{2})(?::(.+))?$/.exec(point) ?? [];
  if (!date) return point || 'None';
  const when = interval === 'month' ? formatMonth(date) : formatDate(date);
  return part ? `${humanise(part)} in ${when}` : when;
}

/** What is true at an instant is a line; what sums up over a period is bars, stacked when there are several kinds. */
export function chartOfSeries(
  result: Series,
  interval: 'day' | 'month',
  basis: MetricDefinition['basis'],
): ChartData {
  const formats = formatsOf(result.currency);
  const points = [...new Set(result.series.flatMap((s) => s.points.map((p) => dateOf(p.point))))];
  points.sort();
  const several = result.series.length > 1;
  return {
    kind: several || basis === 'period' ? 'bars' : 'line',
    stacked: several,
    labels: points.map((date) => labelOfPoint(date, interval)),
    series: result.series.map((series) => {
      const values = new Map(series.points.map((p) => [dateOf(p.point), p.value]));
      return {
        name: humanise(series.name),
        colour: several ? colourFor(series.name) : 'accent',
        values: points.map((point) => values.get(point) ?? (several ? 0 : null)),
      };
    }),
    format: formats.full,
    formatAxis: formats.short,
  };
}

/** The server's own name of the point under the pointer, with which it is asked for the people. */
export function pointAt(result: Series, index: number, name: string): string | undefined {
  const points = [...new Set(result.series.flatMap((s) => s.points.map((p) => dateOf(p.point))))];
  points.sort();
  const series = result.series.find((s) => humanise(s.name) === name) ?? result.series[0];
  return series?.points.find((p) => dateOf(p.point) === points[index])?.point;
}

/** A point may say more than its date, such as the kind of movement; columns are by date. */
function dateOf(point: string): string {
  return point.slice(0, 10);
}

export function chartOfBars(result: Bars): ChartData {
  const formats = formatsOf(result.currency);
  return {
    kind: 'bars',
    labels: result.bars.map((bar) => bar.label),
    series: [{ name: 'Value', colour: 'accent', values: result.bars.map((bar) => bar.value) }],
    format: formats.full,
    formatAxis: formats.short,
  };
}
