import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { Dashboard, DashboardRow } from '../../../api/contract/dashboards.ts';
import { formatTime } from '../../lib/format.ts';
import { IconChartLine } from '../../ui/icons.ts';
import { Empty, LinkButton, Loaded, Page } from '../../ui/index.ts';
import { Drawer, Group, NativeSelect } from '../../ui/kit.ts';
import { dashboardQuery, dashboardsQuery, tileQuery } from './api.ts';
import type { Range } from './api.ts';
import styles from './dashboards.module.css';
import { PeopleDrawer } from './people-drawer.tsx';
import { RangePicker } from './range-picker.tsx';
import { completeRange } from './range.ts';
import type { AskedRange } from './range.ts';
import { labelOfPoint } from './tile-data.ts';
import { TileView } from './tile.tsx';

const homeRoute = getRouteApi('/');
const dashboardRoute = getRouteApi('/dashboards/$dashboardId');
/** The first charts of a dashboard take the whole width, the others half of it. */
const WIDE_CHARTS = 2;
const HOME_TEMPLATE = /saas-metrics/;

interface Asked extends AskedRange {
  tile?: string;
  point?: string;
}

/** The dashboard one starts with. */
export function HomeScreen() {
  const search = homeRoute.useSearch();
  const navigate = homeRoute.useNavigate();
  const list = useQuery(dashboardsQuery);
  const change = useCallback(
    (part: Asked) => void navigate({ search: (old) => ({ ...old, ...part }), replace: !part.tile }),
    [navigate],
  );
  return (
    <Loaded query={list}>
      {(dashboards) => {
        const home =
          dashboards.find(({ template_key: key }) => HOME_TEMPLATE.test(key ?? '')) ??
          dashboards[0];
        if (!home) return <NoDashboard />;
        return <Shown id={home.id} dashboards={dashboards} asked={search} onChange={change} />;
      }}
    </Loaded>
  );
}

export function DashboardScreen() {
  const { dashboardId } = dashboardRoute.useParams();
  const search = dashboardRoute.useSearch();
  const navigate = dashboardRoute.useNavigate();
  const list = useQuery(dashboardsQuery);
  const change = useCallback(
    (part: Asked) => void navigate({ search: (old) => ({ ...old, ...part }), replace: !part.tile }),
    [navigate],
  );
  return <Shown id={dashboardId} dashboards={list.data ?? []} asked={search} onChange={change} />;
}

function NoDashboard() {
  return (
    <Page title="Home">
      <Empty
        icon={<IconChartLine size={20} aria-hidden />}
        title="Your figures appear here"
        action={<LinkButton to="/sources/new">Connect Stripe</LinkButton>}
      >
        MRR, trials and payments are ready minutes after a Stripe account is connected.
      </Empty>
    </Page>
  );
}

interface ShownProps {
  id: number;
  dashboards: readonly DashboardRow[];
  asked: Asked;
  onChange: (part: Asked) => void;
}

function Shown({ id, dashboards, asked, onChange }: ShownProps) {
  const query = useQuery(dashboardQuery(id));
  return (
    <Loaded query={query}>
      {(dashboard) => (
        <Tiles dashboard={dashboard} dashboards={dashboards} asked={asked} onChange={onChange} />
      )}
    </Loaded>
  );
}

interface TilesProps extends Omit<ShownProps, 'id'> {
  dashboard: Dashboard;
}

function Tiles({ dashboard, dashboards, asked, onChange }: TilesProps) {
  const range = completeRange(asked);
  const numbers = dashboard.tiles.filter(({ kind }) => kind === 'number');
  const drawn = dashboard.tiles.filter(({ kind }) => kind !== 'number');
  const opened = dashboard.tiles.find((tile) => tile.id === asked.tile);
  const open = useCallback(
    (tile: string, point: string | undefined) => onChange({ tile, point }),
    [onChange],
  );
  const common = { dashboardId: dashboard.id, range, onOpen: open };
  return (
    <Page
      title={dashboard.name}
      note={dashboard.description}
      wide
      actions={
        <>
          <DashboardChoice current={dashboard.id} dashboards={dashboards} />
          <RangePicker range={range} onChange={onChange} />
        </>
      }
    >
      <div className={styles.numbers}>
        {numbers.map((tile) => (
          <TileView key={tile.id} {...common} tile={tile} />
        ))}
      </div>
      <div className={styles.tiles}>
        {drawn.map((tile, index) => (
          <TileView key={tile.id} {...common} tile={tile} wide={index < WIDE_CHARTS} />
        ))}
      </div>
      <AsOf dashboard={dashboard} range={range} />
      <Drawer
        opened={opened !== undefined}
        onClose={() => onChange({ tile: undefined, point: undefined })}
        title={opened && titleOf(opened.title, asked.point, range)}
      >
        {opened && (
          <PeopleDrawer
            dashboardId={dashboard.id}
            tileId={opened.id}
            point={asked.point}
            range={range}
            currency={range.currency ?? null}
          />
        )}
      </Drawer>
    </Page>
  );
}

function titleOf(title: string, point: string | undefined, range: Range): string {
  return point ? `${title}, ${labelOfPoint(point, range.interval)}` : title;
}

/** When the first tile was answered; the rest follow within the same moment. */
function AsOf({ dashboard, range }: { dashboard: Dashboard; range: Range }) {
  const first = dashboard.tiles[0];
  const { data } = useQuery({
    ...tileQuery(dashboard.id, first?.id ?? '', range),
    enabled: first !== undefined,
  });
  return data ? <p className={styles.as}>As of {formatTime(data.as_of)}</p> : null;
}

function DashboardChoice({
  current,
  dashboards,
}: {
  current: number;
  dashboards: readonly DashboardRow[];
}) {
  const navigate = homeRoute.useNavigate();
  if (dashboards.length < 2) return null;
  return (
    <Group>
      <NativeSelect
        aria-label="Dashboard"
        data={dashboards.map(({ id, name }) => ({ value: String(id), label: name }))}
        value={String(current)}
        onChange={(event) =>
          void navigate({
            to: '/dashboards/$dashboardId',
            params: { dashboardId: Number(event.currentTarget.value) },
          })
        }
      />
    </Group>
  );
}
