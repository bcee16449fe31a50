import { expect, test } from 'vitest';
import type { TileResult } from '../../../api/contract/dashboards.ts';
import { chartOfSeries, labelOfPoint, pointAt } from './tile-data.ts';

const movements: Extract<TileResult, { kind: 'series' }> = {
  kind: 'series',
  as_of: '2026-03-02T12:00:00.000Z',
  currency: 'jpy',
  comparison: null,
  series: [
    {
      name: 'new',
      points: [
        { point: '2026-01-31:new', value: 4900 },
        { point: '2026-02-28:new', value: 1200 },
      ],
    },
    { name: 'churn', points: [{ point: '2026-02-28:churn', value: -900 }] },
  ],
};

test('kinds of movement stand on each other, a month without one is zero', () => {
  const chart = chartOfSeries(movements, 'month', 'period');
  expect(chart.labels).toEqual(['Jan 2026', 'Feb 2026']);
  expect(chart.series.map(({ values }) => values)).toEqual([
    [4900, 1200],
    [0, -900],
  ]);
  expect(chart.kind).toBe('bars');
  // Yen have no decimals.
  expect(chart.format(4900)).toBe('¥4,900');
});

test('a click names the point as the server does', () => {
  expect(pointAt(movements, 1, 'Churn')).toBe('2026-02-28:churn');
  expect(pointAt(movements, 0, 'Churn')).toBeUndefined();
});

test('a point reads as a day, a month, or a kind in a month', () => {
  expect(labelOfPoint('2026-01-31', 'day')).toBe('31 Jan 2026');
  expect(labelOfPoint('2026-01-31:churn', 'month')).toBe('Churn in Jan 2026');
  expect(labelOfPoint('', 'month')).toBe('None');
});
