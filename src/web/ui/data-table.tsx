import { createColumnHelper, tableFeatures, useTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Fragment, useEffect, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { useShortcut } from '../lib/shortcuts.ts';
import { IconChevronDown, IconChevronUp } from './icons.ts';
import styles from './table.module.css';

export interface DataColumn<T> {
  id: string;
  header: string;
  cell: (row: T) => ReactNode;
  align?: 'right';
  /** CSS width, honoured by tables that scroll. */
  width?: string;
  /** Name to sort by; leave out where the server cannot. */
  sort?: string;
  /** Left out on narrow screens. */
  minor?: boolean;
}

export interface Sorting {
  by: string;
  descending: boolean;
}

interface DataTableProps<T> {
  label: string;
  columns: readonly DataColumn<T>[];
  rows: readonly T[];
  rowKey: (row: T) => string;
  onOpen?: (row: T) => void;
  sorting?: Sorting;
  onSort?: (by: string) => void;
  /** CSS height of the scrolling box. With it only the rows in view are drawn. */
  height?: string;
  /** Called near the end of the rows. */
  onEnd?: () => void;
  foot?: ReactNode;
  framed?: boolean;
  /** More about a row, over the whole width beneath it, or null; not in tables that scroll. */
  below?: (row: T) => ReactNode;
}

const ROW_HEIGHT = 36;
const features = tableFeatures({});

/**
 * The one table of the page: sticky header, sorting by the server, J/K and Enter on rows, and rows
 * drawn only where they are seen when it scrolls.
 */
export function DataTable<T extends object>(props: DataTableProps<T>) {
  const { columns, rows, rowKey, onOpen, height, onEnd } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState(0);
  const table = useTable({
    features,
    columns: useMemo(() => {
      const helper = createColumnHelper<typeof features, T>();
      return helper.columns(
        columns.map((column) =>
          helper.display({
            id: column.id,
            header: () => <HeaderCell column={column} table={props} />,
            cell: ({ row }) => column.cell(row.original),
          }),
        ),
      );
      // eslint-disable-next-line react-hooks/exhaustive-deps -- the header reads no more of the props than these
    }, [columns, props.sorting?.by, props.sorting?.descending, props.onSort]),
    data: rows as T[],
    getRowId: rowKey,
  });
  const model = table.getRowModel().rows;
  const virtual = useVirtualizer({
    count: model.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
    enabled: Boolean(height),
  });
  const items = height ? virtual.getVirtualItems() : model.map((_, index) => ({ index }));
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (height && onEnd && model.length > 0 && last >= model.length - 8) onEnd();
  }, [height, onEnd, last, model.length]);

  const moveTo = (index: number): void => {
    if (!onOpen || model.length === 0) return;
    const next = Math.min(Math.max(index, 0), model.length - 1);
    setCurrent(next);
    if (height) virtual.scrollToIndex(next);
    requestAnimationFrame(() => {
      scroller.current?.querySelector<HTMLElement>(`tr[data-index="${next}"]`)?.focus();
    });
  };
  const focused = (): boolean => Boolean(scroller.current?.contains(document.activeElement));
  useShortcut('next_row', () => moveTo(focused() ? current + 1 : current));
  useShortcut('previous_row', () => moveTo(focused() ? current - 1 : current));
  const openOnEnter = (event: KeyboardEvent<HTMLTableRowElement>, row: T): void => {
    if (event.key === 'Enter' && event.target === event.currentTarget) onOpen?.(row);
  };
  const byId = new Map(columns.map((column) => [column.id, column]));

  return (
    <div className={props.framed ? styles.framed : undefined}>
      {/* A box that scrolls must be reachable by keyboard. */}
      <div
        ref={scroller}
        className={styles.scroll}
        style={height ? { maxHeight: height } : undefined}
        {...(height ? { tabIndex: 0, role: 'region', 'aria-label': props.label } : {})}
      >
        <table
          className={height ? `${styles.table} ${styles.fixed}` : styles.table}
          aria-label={props.label}
          aria-rowcount={height ? model.length + 1 : undefined}
        >
          <thead>
            {table.getHeaderGroups().map((group) => (
              <tr key={group.id}>
                {group.headers.map((header) => (
                  <th
                    key={header.id}
                    scope="col"
                    className={cellClass(byId.get(header.id))}
                    style={{ width: byId.get(header.id)?.width }}
                    aria-sort={ariaSort(byId.get(header.id), props.sorting)}
                  >
                    {table.FlexRender({ header })}
                  </th>
                ))}
              </tr>
            ))}
          </thead>
          <tbody>
            <Spacer columns={columns.length} height={height ? first * ROW_HEIGHT : 0} />
            {items.map(({ index }) => {
              const row = model[index];
              if (!row) return null;
              const more = props.below?.(row.original);
              return (
                <Fragment key={row.id}>
                  <tr
                    data-index={index}
                    aria-rowindex={height ? index + 2 : undefined}
                    className={rowClass(Boolean(onOpen), Boolean(more))}
                    tabIndex={onOpen ? (index === current ? 0 : -1) : undefined}
                    onFocus={() => setCurrent(index)}
                    onClick={onOpen && ((event) => openOnClick(event, () => onOpen(row.original)))}
                    onKeyDown={onOpen && ((event) => openOnEnter(event, row.original))}
                  >
                    {row.getAllCells().map((cell) => (
                      <td key={cell.id} className={cellClass(byId.get(cell.column.id))}>
                        {table.FlexRender({ cell })}
                      </td>
                    ))}
                  </tr>
                  {more && (
                    <tr className={styles.below}>
                      <td colSpan={columns.length}>{more}</td>
                    </tr>
                  )}
                </Fragment>
              );
            })}
            <Spacer
              columns={columns.length}
              height={height ? Math.max(0, model.length - 1 - last) * ROW_HEIGHT : 0}
            />
          </tbody>
        </table>
      </div>
      {props.foot && <div className={styles.foot}>{props.foot}</div>}
    </div>
  );
}

/** A click on a link or button inside the row is not a click on the row; nor is selecting text. */
function openOnClick(event: { target: EventTarget }, open: () => void): void {
  if (event.target instanceof Element && event.target.closest('a, button, input, label')) return;
  if (window.getSelection()?.toString()) return;
  open();
}

function HeaderCell<T>({
  column,
  table,
}: {
  column: DataColumn<T>;
  table: DataTableProps<T & object>;
}) {
  const { sorting, onSort } = table;
  if (!column.sort || !onSort) return <>{column.header}</>;
  const sorted = sorting?.by === column.sort;
  const Arrow = sorting?.descending ? IconChevronDown : IconChevronUp;
  return (
    <button
      type="button"
      className={sorted ? `${styles.sort} ${styles.sorted}` : styles.sort}
      onClick={() => onSort(column.sort!)}
    >
      {column.header}
      {sorted && <Arrow size={12} aria-hidden />}
    </button>
  );
}

function Spacer({ columns, height }: { columns: number; height: number }) {
  if (height <= 0) return null;
  return (
    <tr className={styles.spacer} aria-hidden="true">
      <td colSpan={columns} style={{ height }}>
        {null}
      </td>
    </tr>
  );
}

function rowClass(opens: boolean, joined: boolean): string | undefined {
  return [opens && styles.opens, joined && styles.joined].filter(Boolean).join(' ') || undefined;
}

function cellClass<T>(column: DataColumn<T> | undefined): string | undefined {
  const names = [column?.align === 'right' && styles.right, column?.minor && styles.minor];
  return names.filter(Boolean).join(' ') || undefined;
}

function ariaSort<T>(
  column: DataColumn<T> | undefined,
  sorting: Sorting | undefined,
): 'ascending' | 'descending' | undefined {
  if (!column?.sort || sorting?.by !== column.sort) return undefined;
  return sorting.descending ? 'descending' : 'ascending';
}
