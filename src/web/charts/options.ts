import type { EChartsCoreOption } from 'echarts/core';
import { colourOf, SURFACES } from './palette.ts';
import type { ChartColour, Scheme } from './palette.ts';

export interface ChartSeries {
  name: string;
  colour: ChartColour;
  /** One value a label; null where nothing is known. */
  values: (number | null)[];
}

export interface ChartData {
  kind: 'line' | 'bars';
  /** What stands along the bottom, already in words. */
  labels: string[];
  /** With instants the bottom is a time axis and values hold from each instant to the next. */
  times?: string[];
  series: ChartSeries[];
  /** Bars of one label stand on each other, losses below the line. */
  stacked?: boolean;
  /** Values count things, so the axis has no fractions. */
  whole?: boolean;
  format: (value: number) => string;
  formatAxis: (value: number) => string;
}

interface TipItem {
  seriesName?: string;
  color?: unknown;
  value?: unknown;
  dataIndex?: number;
}

/** The drawing instructions of one chart in one colour scheme. */
export function compileChart(data: ChartData, scheme: Scheme, calm: boolean): EChartsCoreOption {
  const surface = SURFACES[scheme];
  return {
    animation: !calm,
    animationDuration: 350,
    textStyle: { fontFamily: 'Inter Variable, system-ui, sans-serif', fontSize: 11 },
    grid: { left: 8, right: 12, top: 12, bottom: 4, containLabel: true },
    tooltip: {
      trigger: 'axis',
      axisPointer: {
        type: data.kind === 'line' ? 'line' : 'shadow',
        lineStyle: { color: surface.dim },
      },
      backgroundColor: surface.raised,
      borderColor: surface.line,
      textStyle: { color: surface.text, fontSize: 12 },
      confine: true,
      formatter: (items: TipItem | TipItem[]) => describeTip(items, data),
    },
    xAxis: {
      ...(data.times
        ? { type: 'time', splitNumber: 3 }
        : { type: 'category', data: data.labels, boundaryGap: data.kind === 'bars' }),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: surface.line } },
      axisLabel: {
        color: surface.dim,
        hideOverlap: true,
        fontSize: 11,
        ...(data.times ? { formatter: '{d} {MMM} {yy}' } : {}),
      },
    },
    yAxis: {
      type: 'value',
      splitNumber: 4,
      minInterval: data.whole ? 1 : undefined,
      axisLabel: { color: surface.dim, formatter: data.formatAxis, fontSize: 11 },
      splitLine: { lineStyle: { color: surface.line } },
    },
    series: data.series.map((series) => ({
      name: series.name,
      type: data.kind === 'line' ? 'line' : 'bar',
      stack: data.stacked ? 'all' : undefined,
      data: data.times ? data.times.map((time, n) => [time, series.values[n]]) : series.values,
      step: data.times ? 'end' : undefined,
      showSymbol: data.labels.length < 2,
      symbolSize: 7,
      barMaxWidth: 26,
      cursor: 'pointer',
      lineStyle: { width: 2 },
      itemStyle: { color: colourOf(series.colour, scheme), borderRadius: data.stacked ? 0 : 3 },
      areaStyle:
        data.kind === 'line' && data.series.length === 1
          ? { color: colourOf(series.colour, scheme), opacity: 0.08 }
          : undefined,
      emphasis: { focus: 'none' },
    })),
  };
}

/** Words of the box that follows the pointer. Names come from our own lists, values are numbers. */
function describeTip(items: TipItem | TipItem[], data: ChartData): string {
  const list = Array.isArray(items) ? items : [items];
  const lines = list.flatMap((item) => {
    // On a time axis the value is a pair.
    const value: unknown = Array.isArray(item.value) ? item.value[1] : item.value;
    if (typeof value !== 'number' || (data.series.length > 1 && value === 0)) return [];
    const dot = `<span style="display:inline-block;width:8px;height:8px;border-radius:50%;margin-right:6px;background:${String(item.color)}"></span>`;
    return `<div style="display:flex;justify-content:space-between;gap:18px"><span>${dot}${escapeText(item.seriesName ?? '')}</span><b style="font-variant-numeric:tabular-nums">${escapeText(data.format(value))}</b></div>`;
  });
  const when = data.labels[list[0]?.dataIndex ?? -1] ?? '';
  return `<div style="margin-bottom:2px">${escapeText(when)}</div>${lines.join('') || 'Nothing'}`;
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
