import { useMemo } from 'react';
import type { SourceDetail } from '../../../api/contract/sources.ts';
import { Chart } from '../../charts/chart.tsx';
import type { ChartData } from '../../charts/options.ts';
import { formatCount, formatDate } from '../../lib/format.ts';
import { Card } from '../../ui/index.ts';

/** Activities of the last 14 days, one bar a day. */
export function SourceChart({ days }: { days: SourceDetail['chart'] }) {
  const data = useMemo<ChartData>(
    () => ({
      kind: 'bars',
      whole: true,
      labels: days.map((day) => formatDate(day.on_date).replace(/ \d{4}$/, '')),
      series: [{ name: 'Activities', colour: 'accent', values: days.map((day) => day.count) }],
      format: formatCount,
      formatAxis: formatCount,
    }),
    [days],
  );
  return (
    <Card title="Activities" note="By day, the last 14 days">
      <Chart label="Activities by day" data={data} height={170} />
    </Card>
  );
}
