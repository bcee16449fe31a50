import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSimulator } from '../../simulator/index.ts';
import { createTestContext } from '../../test/support/database.ts';
import type { TestContext } from '../../test/support/database.ts';
import { deriveActivities, recordActivities } from '../activities/index.ts';
import { listMrr, rebuildLedger } from '../metrics/index.ts';
import { copySimulator } from '../metrics/fixtures/copy-simulator.ts';
import { findPeopleByCustomers } from '../people/index.ts';
import { sql } from '../platform/index.ts';
import {
  PERFORMANCE_TILES,
  SAAS_METRICS_TILES,
  getDashboard,
  getMetric,
  listDashboards,
  listPeopleBehind,
  removeDashboard,
  runTile,
  saveDashboard,
} from './index.ts';
import type { Dashboard, TileResult } from './index.ts';

const NOW = new Date('2026-11-01T12:00:00Z');
const RANGE = { from: '2026-06-01', to: '2026-11-01', interval: 'month' } as const;
let ctx: TestContext;
let dashboard: Dashboard;

beforeAll(async () => {
  ctx = await createTestContext({ now: NOW });
  const simulator = await startSimulator({
    customers: 120,
    months: 10,
    now: NOW,
    speed: 0,
    seed: 3,
  });
  const people = await copySimulator(ctx, simulator, async (tx, changes) => {
    const drafts = changes.flatMap((change) => deriveActivities(change));
    const customers = drafts.flatMap((draft) => draft.customer ?? []);
    const owners = await findPeopleByCustomers(tx, 1, customers);
    const rows = drafts.flatMap((draft) => {
      const person_id = owners.get(draft.customer ?? '');
      return person_id === undefined ? [] : [{ ...draft, person_id, source_id: 1 }];
    });
    await recordActivities(tx, rows);
  });
  await simulator.close();
  await rebuildLedger(ctx, people);
  dashboard = await saveDashboard(ctx, {
    name: 'Everything',
    description: '',
    tiles: [...SAAS_METRICS_TILES, ...PERFORMANCE_TILES],
  });
});
afterAll(async () => await ctx.close());

async function run(tile_id: string, more = {}): Promise<TileResult> {
  return await runTile(ctx, { dashboard_id: dashboard.id, tile_id, ...RANGE, ...more });
}

async function behind(tile_id: string, point?: string) {
  return await listPeopleBehind(ctx, {
    dashboard_id: dashboard.id,
    tile_id,
    ...RANGE,
    point,
    limit: 500,
  });
}

/** What the people of a list add up to, as the number should. */
function total(list: Awaited<ReturnType<typeof behind>>, unit: 'money' | 'count'): number {
  if (unit === 'count') return list.total;
  return list.rows.reduce((sum, row) => sum + (row.amount_minor ?? 0), 0);
}

describe('every tile', () => {
  test.each([...SAAS_METRICS_TILES, ...PERFORMANCE_TILES].map((tile) => [tile.id, tile] as const))(
    '%s: the people behind it add up to what it says',
    async (_, tile) => {
      const { metric } = tile.question;
      const { unit } = getMetric(metric);
      const result = await run(tile.id);
      expect(result).toMatchObject({
        kind: tile.kind,
        as_of: NOW,
        currency: unit === 'money' ? 'usd' : null,
      });
      const values = valuesOf(result);
      expect(values.length).toBe(expectedPoints(result));
      expect(values.some(({ value }) => value !== 0)).toBe(true);
      // An average is nobody's: the people behind it are those it is taken over.
      for (const { point, value } of metric === 'arpa' ? [] : values) {
        const list = await behind(tile.id, point);
        expect(list.rows).toHaveLength(list.total);
        // Amounts are rounded a person at a time for display.
        const slack = unit === 'count' ? 0 : list.total / 2 + 1;
        expect(Math.abs(total(list, unit) - value)).toBeLessThanOrEqual(slack);
      }
    },
  );
});

/** Everything a tile says, with the point to ask for the people behind. */
function valuesOf(result: TileResult): { point?: string; value: number }[] {
  if (result.kind === 'number') return [{ value: result.value }];
  if (result.kind === 'bars') return result.bars;
  return result.series.flatMap((one) => one.points);
}

function expectedPoints(result: TileResult): number {
  if (result.kind === 'number') return 1;
  return result.kind === 'bars' ? result.bars.length : result.series.length * 6;
}

describe('figures', () => {
  test('MRR is the ledger at the end of each point; the last point is so far', async () => {
    const result = await run('mrr-series');
    if (result.kind !== 'series') throw new Error('not a series');
    const months = await listMrr(ctx, { ...RANGE, currency: 'usd' });
    expect(result.series[0]!.points).toEqual(
      months.map((month) => ({ point: month.date, value: month.mrr_minor })),
    );
    const [last] = await listMrr(ctx, { from: '2026-11-01', to: '2026-11-01', interval: 'day' });
    expect(await run('mrr-number')).toMatchObject({ value: last!.mrr_minor });
    expect(await run('arr-number')).toMatchObject({ value: last!.mrr_minor * 12 });
  });

  test('the number before is the same length directly before', async () => {
    const half = { from: '2026-09-01', to: '2026-09-30' };
    const now = await run('gross_volume-number', half);
    const { rows } = await sql<{ inside: number; before: number }>`
      select sum(amount_minor) filter (where occurred_at >= '2026-09-01') as inside,
             sum(amount_minor) filter (where occurred_at < '2026-09-01') as before
        from activities where type = 1 and occurred_at >= '2026-08-02' and occurred_at < '2026-10-01'
    `.execute(ctx.db);
    expect(now).toMatchObject({
      value: Number(rows[0]!.inside),
      previous: Number(rows[0]!.before),
    });
  });

  test('what is net new is what the movements add up to', async () => {
    const net = await run('net_new_mrr-number');
    const moves = await run('mrr_movements-series');
    if (net.kind !== 'number' || moves.kind !== 'series') throw new Error('wrong kind');
    const sum = moves.series.flatMap((one) => one.points).reduce((all, p) => all + p.value, 0);
    expect(Math.abs(sum - net.value)).toBeLessThanOrEqual(15);
    const losses = moves.series.filter((one) => ['churn', 'contraction'].includes(one.name));
    expect(losses.flatMap((one) => one.points).every((point) => point.value <= 0)).toBe(true);
  });

  test('a currency nobody pays in is zero, and an unknown point is refused', async () => {
    expect(await run('mrr-number', { currency: 'EUR' })).toMatchObject({
      value: 0,
      currency: 'eur',
    });
    await expect(behind('mrr-series', '2020-01-31')).rejects.toThrow('not on the chart');
    await expect(behind('mrr_movements-series', '2026-09-30:luck')).rejects.toThrow(
      'not on the chart',
    );
    await expect(run('mrr-number', { from: '2026-10-02', to: '2026-10-01' })).rejects.toThrow(
      'empty',
    );
    await expect(run('nothing')).rejects.toThrow('no longer on the dashboard');
  });

  test('before there is anything, every tile says zero', async () => {
    const empty = await createTestContext({ now: NOW });
    try {
      const { id, tiles } = await saveDashboard(empty, {
        name: 'Empty',
        description: '',
        tiles: [...SAAS_METRICS_TILES, ...PERFORMANCE_TILES],
      });
      for (const tile of tiles) {
        const result = await runTile(empty, { dashboard_id: id, tile_id: tile.id, ...RANGE });
        expect(valuesOf(result).filter(({ value }) => value !== 0)).toEqual([]);
      }
    } finally {
      await empty.close();
    }
  });
});

describe('dashboards', () => {
  test('are saved, changed, listed and removed', async () => {
    const draft = { name: 'Mine', description: 'Two tiles', tiles: SAAS_METRICS_TILES.slice(0, 2) };
    const saved = await saveDashboard(ctx, { ...draft, template_key: 'mine' });
    expect(saved).toMatchObject({ ...draft, template_key: 'mine' });
    const renamed = await saveDashboard(ctx, { ...draft, id: saved.id, name: 'Ours' });
    expect(renamed).toMatchObject({ id: saved.id, name: 'Ours', template_key: 'mine' });
    expect((await listDashboards(ctx)).map((row) => row.name)).toEqual(['Everything', 'Ours']);
    await removeDashboard(ctx, saved.id);
    await expect(getDashboard(ctx, saved.id)).rejects.toThrow('no longer exists');
  });

  test('that make no sense are refused with a sentence', async () => {
    const [first] = SAAS_METRICS_TILES;
    const save = async (tiles: unknown[]) =>
      await saveDashboard(ctx, { name: 'Bad', description: '', tiles: tiles as never });
    await expect(save([first, first])).rejects.toThrow('same id');
    await expect(save([{ ...first, kind: 'bars' }])).rejects.toThrow('cannot be shown');
    await expect(save([{ ...first, question: { metric: 'luck' } }])).rejects.toThrow(
      'does not exist',
    );
    await expect(save([{ ...first, title: '' }])).rejects.toThrow('title');
  });
});
