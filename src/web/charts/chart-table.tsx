import styles from './chart.module.css';
import type { ChartData } from './options.ts';

interface ChartTableProps {
  label: string;
  data: ChartData;
  /** With it every figure opens what is behind it. */
  onPoint?: (index: number, series: string) => void;
}

/** The same figures as the chart, as a table: for screen readers, and for anyone who prefers figures. */
export function ChartTable({ label, data, onPoint }: ChartTableProps) {
  return (
    <table className={styles.table}>
      <caption className="mantine-visually-hidden" hidden>
        {label}
      </caption>
      <thead>
        <tr>
          <th scope="col">When</th>
          {data.series.map((series) => (
            <th scope="col" key={series.name}>
              {series.name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {data.labels.map((when, index) => (
          <tr key={`${index}-${when}`}>
            <th scope="row">{when}</th>
            {data.series.map((series) => {
              const value = series.values[index];
              const text = value === null || value === undefined ? '–' : data.format(value);
              return (
                <td key={series.name}>
                  {onPoint && value ? (
                    <button
                      type="button"
                      className={styles.point}
                      onClick={() => onPoint(index, series.name)}
                    >
                      {text}
                    </button>
                  ) : (
                    text
                  )}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
