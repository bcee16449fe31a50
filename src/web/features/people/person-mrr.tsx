import { useMemo } from 'react';
import type { PersonDetail } from '../../../api/contract/people.ts';
import { Chart } from '../../charts/chart.tsx';
import type { ChartData } from '../../charts/options.ts';
import { dateFromToday, formatDate, humanise } from '../../lib/format.ts';
import { formatMoney, formatMoneyCompact } from '../../lib/money.ts';
import { Card } from '../../ui/index.ts';
import styles from './person.module.css';

/** How the MRR of this person went, and the movements it is made of. */
export function PersonMrr({ detail }: { detail: PersonDetail }) {
  const { mrr_history: history, movements } = detail;
  const currency = detail.state.currency ?? history.at(-1)?.currency ?? null;
  const data = useMemo<ChartData>(() => {
    const points = history.filter((point) => point.currency === currency);
    const last = points.at(-1);
    const today = dateFromToday(0);
    // The last value holds until now.
    if (last && last.on_date < today) points.push({ ...last, on_date: today });
    return {
      kind: 'line',
      labels: points.map((point) => formatDate(point.on_date)),
      times: points.map((point) => point.on_date),
      series: [{ name: 'MRR', colour: 'accent', values: points.map((point) => point.mrr_minor) }],
      format: (value) => formatMoney(value, currency),
      formatAxis: (value) => formatMoneyCompact(value, currency),
    };
  }, [history, currency]);
  if (data.labels.length === 0 && movements.length === 0) return null;
  return (
    <Card title="MRR">
      {data.labels.length > 0 && <Chart label="MRR of this person" data={data} height={140} />}
      <ul className={styles.list}>
        {movements
          .toReversed()
          .slice(0, 6)
          .map((movement) => (
            <li key={`${movement.on_date}-${movement.currency}`} className={styles.row}>
              <span>
                {humanise(movement.kind)}{' '}
                <span className={styles.dim}>{formatDate(movement.on_date)}</span>
                <div className={styles.dim}>{humanise(movement.reason)}</div>
              </span>
              <span className="tabular">
                {formatMoney(movement.amount_minor, movement.currency, { signed: true })}
              </span>
            </li>
          ))}
      </ul>
    </Card>
  );
}
