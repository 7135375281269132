import {
  columnFilteringFeature,
  columnOrderingFeature,
  columnVisibilityFeature,
  createFilteredRowModel,
  createSortedRowModel,
  globalFilteringFeature,
  rowSortingFeature,
  tableFeatures,
  useTable,
  type ColumnDef,
} from '@tanstack/react-table';
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { Cancel, Clock } from '../time/clock.ts';
import type { Column } from './column.ts';
import { readSort, type Sort, type TableSettings } from './table-settings.ts';

const features = tableFeatures({
  columnFilteringFeature,
  columnOrderingFeature,
  columnVisibilityFeature,
  globalFilteringFeature,
  rowSortingFeature,
  filteredRowModel: createFilteredRowModel(),
  sortedRowModel: createSortedRowModel(),
});

/** How often a table sorted by values that change looks at its order again: not so often that rows jump under the pointer. */
export const RESORT_MS = 1_000;

/** The rows and columns as they are shown. */
export interface TableRows<Row> {
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  /** Width in px of a column. */
  width: (id: string) => number;
  sort: Sort | null;
}

/**
 * Filters, sorts and orders with TanStack Table; the settings own all of its state.
 *
 * @param filter what the trader typed; a row stays when `filterText` of it holds every word
 */
export function useTableRows<Row extends object>(given: {
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowId: (row: Row) => string;
  settings: TableSettings;
  filter: string;
  filterText: (row: Row) => string;
  clock: Clock;
}): TableRows<Row> {
  const { columns, rows, settings, rowId, filterText, clock } = given;
  const { widths } = settings;
  const sort = useMemo(() => readSort(settings.sort, columns), [settings.sort, columns]);
  const live = sort !== null && columns.some(column => column.id === sort.id && column.live === true);
  const round = useRounds(live, clock);
  // A new list is sorted anew; the rows in it are the same objects.
  // eslint-disable-next-line react-hooks/exhaustive-deps -- `round` is what makes it new
  const data = useMemo(() => [...rows], [rows, round]);
  const defs = useMemo(() => columns.map(column => columnDef(column, filterText)), [columns, filterText]);
  const state = useMemo(
    () => ({
      sorting: sort === null ? [] : [{ id: sort.id, desc: sort.desc }],
      globalFilter: given.filter.trim().toLowerCase(),
      columnOrder: settings.order,
      columnVisibility: Object.fromEntries(settings.hidden.map(id => [id, false])),
    }),
    [sort, given.filter, settings],
  );
  const table = useTable({
    features,
    columns: defs,
    data,
    state,
    getRowId: rowId,
    globalFilterFn: holdsEveryWord<Row>(filterText),
    getColumnCanGlobalFilter: column => column.id === columns[0]?.id,
  });
  const shown = table.getRowModel().rows;
  const visible = table.getVisibleLeafColumns();
  return {
    rows: useMemo(() => shown.map(row => row.original), [shown]),
    columns: useMemo(
      () => visible.flatMap(({ id }) => columns.find(column => column.id === id) ?? []),
      [visible, columns],
    ),
    // Only the widths kept and the columns' own decide: the function is the same while they are.
    width: useCallback(
      (id: string) => widths[id] ?? columns.find(column => column.id === id)?.width ?? 0,
      [columns, widths],
    ),
    sort,
  };
}

function columnDef<Row extends object>(
  column: Column<Row>,
  filterText: (row: Row) => string,
): ColumnDef<typeof features, Row> {
  const { id, compare, header } = column;
  return {
    id,
    accessorFn: filterText,
    enableHiding: header !== true,
    enableSorting: compare !== undefined,
    sortFn: (a, b) => compare?.(a.original, b.original) ?? 0,
  };
}

function holdsEveryWord<Row>(filterText: (row: Row) => string) {
  return (row: { original: Row }, _column: string, wanted: string): boolean => {
    const text = filterText(row.original).toLowerCase();
    return wanted.split(/\s+/).every(word => text.includes(word));
  };
}

/** Counts up while `on`. */
function useRounds(on: boolean, clock: Clock): number {
  const [round, setRound] = useState(0);
  useEffect((): Cancel | undefined => {
    if (!on) return undefined;
    return clock.every(RESORT_MS, () => setRound(count => count + 1));
  }, [on, clock]);
  return round;
}
