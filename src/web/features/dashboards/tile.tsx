import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import type { Tile, TileResult } from '../../../api/contract/dashboards.ts';
import { getMetric } from '../../../reports/definition.ts';
import type { MetricDefinition } from '../../../reports/definition.ts';
import { Chart } from '../../charts/chart.tsx';
import { sentenceOf } from '../../lib/http.ts';
import { Card, Delayed, Empty, Figure, Loaded } from '../../ui/index.ts';
import { Skeleton } from '../../ui/kit.ts';
import { tileQuery } from './api.ts';
import type { Range } from './api.ts';
import styles from './dashboards.module.css';
import { chartOfBars, chartOfSeries, formatsOf, pointAt } from './tile-data.ts';

interface TileViewProps {
  dashboardId: number;
  tile: Tile;
  range: Range;
  /** Takes the whole width. */
  wide?: boolean;
  /** Opens the people behind a point, or behind the whole number. */
  onOpen: (tileId: string, point: string | undefined) => void;
}

/** One question of the dashboard with its answer. */
export function TileView({ dashboardId, tile, range, wide, onOpen }: TileViewProps) {
  const query = useQuery(tileQuery(dashboardId, tile.id, range));
  if (tile.kind === 'number') {
    return <NumberTile tile={tile} query={query} onOpen={() => onOpen(tile.id, undefined)} />;
  }
  return (
    <Card
      title={tile.title}
      note={getMetric(tile.question.metric).description}
      className={wide ? styles.wide : styles.half}
    >
      <Loaded
        query={query}
        skeleton={
          <Delayed>
            <Skeleton height={260} radius="md" />
          </Delayed>
        }
      >
        {(result) => (
          <Answer
            title={tile.title}
            result={result}
            interval={range.interval}
            basis={getMetric(tile.question.metric).basis}
            onPoint={(point) => onOpen(tile.id, point)}
          />
        )}
      </Loaded>
    </Card>
  );
}

interface NumberTileProps {
  tile: Tile;
  query: { data: TileResult | undefined; error: unknown };
  onOpen: () => void;
}

function NumberTile({ tile, query, onOpen }: NumberTileProps) {
  const { data, error } = query;
  if (error && !data) return <Figure label={tile.title} value="–" hint={sentenceOf(error)} />;
  if (!data || data.kind !== 'number') return <Figure label={tile.title} value="…" />;
  const { rounded } = formatsOf(data.currency);
  return (
    <Figure
      label={tile.title}
      about={getMetric(tile.question.metric).description}
      value={rounded(data.value)}
      hint={<Change value={data.value} previous={data.previous} />}
      onOpen={onOpen}
    />
  );
}

/** Against as many days before. More is not always better, so it has no colour. */
function Change({ value, previous }: { value: number; previous: number | null }) {
  if (previous === null || previous === 0) return null;
  const share = ((value - previous) / Math.abs(previous)) * 100;
  const sign = share > 0 ? '+' : '';
  return (
    <>
      {sign}
      {share.toFixed(1)}% vs. before
    </>
  );
}

interface AnswerProps {
  title: string;
  result: TileResult;
  interval: 'day' | 'month';
  basis: MetricDefinition['basis'];
  onPoint: (point: string | undefined) => void;
}

function Answer({ title, result, interval, basis, onPoint }: AnswerProps) {
  const data = useMemo(() => {
    if (result.kind === 'series') return chartOfSeries(result, interval, basis);
    return result.kind === 'bars' ? chartOfBars(result) : null;
  }, [result, interval, basis]);
  const open = useCallback(
    (index: number, series: string) => {
      if (result.kind === 'series') onPoint(pointAt(result, index, series));
      if (result.kind === 'bars') onPoint(result.bars[index]?.point);
    },
    [result, onPoint],
  );
  if (!data) return null;
  if (data.labels.length === 0) return <Empty title="Nothing in this range" />;
  return <Chart label={title} data={data} height={260} onPoint={open} />;
}
