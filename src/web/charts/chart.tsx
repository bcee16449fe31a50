import {
  ActionIcon,
  Skeleton,
  Tooltip,
  useComputedColorScheme,
  VisuallyHidden,
} from '@mantine/core';
import { useReducedMotion } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import { IconChartLine, IconTable } from '../ui/icons.ts';
import { ChartTable } from './chart-table.tsx';
import styles from './chart.module.css';
import type { EChartsType } from './engine.ts';
import { compileChart } from './options.ts';
import type { ChartData } from './options.ts';
import { colourOf } from './palette.ts';

interface ChartProps {
  label: string;
  data: ChartData;
  height?: number;
  /** A click on a point, with its place along the bottom and the name of its series. */
  onPoint?: (index: number, series: string) => void;
  /** Leaves out legend and switch, for small charts. */
  bare?: boolean;
}

/** The one chart of the page. Its twin, a table with the same figures, is a click away and always read out. */
export function Chart({ label, data, height = 240, onPoint, bare }: ChartProps) {
  const [asTable, setAsTable] = useState(false);
  const scheme = useComputedColorScheme('light');
  return (
    <figure className={styles.figure} aria-label={label}>
      {!bare && (
        <div className={styles.bar}>
          {data.series.length > 1 && (
            <ul className={styles.legend} aria-hidden="true">
              {data.series.map((series) => (
                <li key={series.name}>
                  <span
                    className={styles.dot}
                    style={{ background: colourOf(series.colour, scheme) }}
                  />
                  {series.name}
                </li>
              ))}
            </ul>
          )}
          <Tooltip label={asTable ? 'Show as chart' : 'Show as table'}>
            <ActionIcon
              className={styles.toggle}
              size="sm"
              aria-label={asTable ? `Show ${label} as chart` : `Show ${label} as table`}
              onClick={() => setAsTable(!asTable)}
            >
              {asTable ? <IconChartLine size={15} /> : <IconTable size={15} />}
            </ActionIcon>
          </Tooltip>
        </div>
      )}
      {asTable ? (
        // It scrolls only where it holds buttons, through which a keyboard reaches all of it.
        <div className={styles.tableBox} style={{ maxHeight: onPoint ? height : undefined }}>
          <ChartTable label={label} data={data} onPoint={onPoint} />
        </div>
      ) : (
        <>
          <Drawing label={label} data={data} height={height} onPoint={onPoint} />
          <VisuallyHidden>
            <ChartTable label={label} data={data} />
          </VisuallyHidden>
        </>
      )}
    </figure>
  );
}

function Drawing({ label, data, height, onPoint }: ChartProps & { height: number }) {
  const box = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<EChartsType | null>(null);
  const scheme = useComputedColorScheme('light');
  const calm = useReducedMotion();

  useEffect(() => {
    let drawn: EChartsType | null = null;
    let gone = false;
    const resize = new ResizeObserver(() => drawn?.resize());
    const start = async (): Promise<void> => {
      const { init } = await import('./engine.ts');
      if (gone || !box.current) return;
      drawn = init(box.current);
      resize.observe(box.current);
      setChart(drawn);
    };
    void start();
    return () => {
      gone = true;
      resize.disconnect();
      drawn?.dispose();
      setChart(null);
    };
  }, []);

  useEffect(() => {
    chart?.setOption(compileChart(data, scheme, calm), { notMerge: true });
  }, [chart, data, scheme, calm]);

  useEffect(() => {
    if (!chart || !onPoint) return;
    if (data.kind === 'bars') {
      const open = (event: { dataIndex?: number; seriesName?: string }): void => {
        if (event.dataIndex !== undefined) onPoint(event.dataIndex, event.seriesName ?? '');
      };
      chart.on('click', open as (event: unknown) => void);
      return () => {
        if (!chart.isDisposed()) chart.off('click', open as (event: unknown) => void);
      };
    }
    // Anywhere in the column counts, so that a thin line is as easy to hit as a bar.
    const openColumn = (event: { offsetX: number; offsetY: number }): void => {
      const at = [event.offsetX, event.offsetY];
      if (!chart.containPixel({ gridIndex: 0 }, at)) return;
      const index = Number(chart.convertFromPixel({ seriesIndex: 0 }, at)[0]);
      if (index >= 0 && index < data.labels.length) onPoint(index, data.series[0]?.name ?? '');
    };
    chart.getZr().on('click', openColumn);
    // When the screen goes away the drawing goes first, and takes its listeners along.
    return () => {
      if (!chart.isDisposed()) chart.getZr().off('click', openColumn);
    };
  }, [chart, data, onPoint]);

  return (
    <div style={{ position: 'relative', height }}>
      {!chart && <Skeleton height={height} radius="md" style={{ position: 'absolute' }} />}
      <div
        ref={box}
        className={styles.canvas}
        style={{ height, cursor: onPoint ? 'pointer' : undefined }}
        aria-hidden="true"
        data-chart={label}
      />
    </div>
  );
}
