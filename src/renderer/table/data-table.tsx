import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState, type ReactElement, type ReactNode } from 'react';
import { useServices } from '../app/services.ts';
import type { Column, RowAction } from './column.ts';
import { RowMenu } from './row-menu.tsx';
import { SkeletonRows } from './skeleton-rows.tsx';
import { TableHead } from './table-head.tsx';
import { TableRow, type RowData } from './table-row.tsx';
import { fitColumns, type TableSettings } from './table-settings.ts';
import { useContentWidths } from './use-content-widths.ts';
import { useCopy } from './use-copy.ts';
import { useRowEvents, type Pointed } from './use-row-events.ts';
import { useTableFocus } from './use-table-focus.ts';
import { useTableRows } from './use-table-rows.ts';
import { useWidth } from './use-width.ts';
import './table.css';

export interface DataTableProps<Row extends object> {
  /** Name of the table for assistive technology, and of the file when it is exported. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  /** In their own order; the same objects while nothing of them changes. */
  readonly rows: readonly Row[];
  readonly rowId: (row: Row) => string;
  readonly rowName: (row: Row) => string;
  readonly settings: TableSettings;
  readonly change: (part: Partial<TableSettings>) => void;
  readonly filter?: string;
  readonly filterText?: (row: Row) => string;
  /** Height of a row in px; the style sheet is told the same. */
  readonly rowHeight: number;
  readonly selected?: string | null;
  readonly onSelect?: (row: Row) => void;
  readonly actions?: readonly RowAction<Row>[];
  /** The rows have an order of their own that the trader changes; called with the row and how many places it goes down. */
  readonly onMove?: (row: Row, steps: number) => void;
  readonly rowData?: (row: Row) => RowData;
  /** Nothing is known yet: outlines stand in place of rows. */
  readonly busy?: boolean;
  /** Stands in place of rows. */
  readonly empty?: ReactNode;
  /** Given how to export, for a button elsewhere. */
  readonly exportRef?: { current: (() => void) | null };
}

/** Up to this many rows are all drawn. */
const DRAWN_WHOLE = 40;
const NO_ACTIONS: readonly never[] = [];

/** A table of any data: sorted, filtered, virtualised, copied and exported, by pointer and by keyboard. */
export function DataTable<Row extends object>(props: DataTableProps<Row>): ReactElement {
  const { label, rowId, settings, change, rowHeight, actions = NO_ACTIONS, onMove } = props;
  const { clock } = useServices();
  const filter = props.filter ?? '';
  const shown = useTableRows({
    ...props,
    filter,
    filterText: props.filterText ?? props.rowName,
    clock,
  });
  const { rows } = shown;
  const table = useRef<HTMLTableElement>(null);
  const width = useContentWidths(table, props.columns, shown.width, clock);
  const scroller = useRef<HTMLDivElement>(null);
  const room = useWidth(scroller);
  const columns = useMemo(() => fitColumns(shown.columns, width, room), [shown.columns, width, room]);
  const body = useRef<HTMLTableSectionElement>(null);
  const whole = rows.length <= DRAWN_WHOLE;
  // eslint-disable-next-line react-hooks/incompatible-library -- no React Compiler runs, and nothing is memoised on it
  const virtual = useVirtualizer({
    count: rows.length,
    enabled: !whole,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    scrollPaddingStart: rowHeight,
    overscan: 4,
  });
  const items = whole ? rows.map((_, index) => ({ index })) : virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const after = rows.length - 1 - (items.at(-1)?.index ?? rows.length - 1);
  const reveal = (row: number): void => {
    if (whole) body.current?.children[row]?.scrollIntoView({ block: 'nearest' });
    else virtual.scrollToIndex(row);
  };
  const idAt = (index: number): string | undefined => {
    const row = rows[index];
    return row === undefined ? undefined : rowId(row);
  };
  const { focus, note, go } = useTableFocus(body, idAt, reveal);
  const copy = useCopy(label, columns);
  const [pointed, setPointed] = useState<Pointed>({ row: null, column: -1, element: null });
  const find = (id: string | null): number => (id === null ? -1 : rows.findIndex(row => rowId(row) === id));
  const manual = onMove !== undefined && shown.sort === null && filter.trim() === '';
  const events = useRowEvents({
    ...{ rows, columns, find, go, note, copy, actions, setPointed },
    page: Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 2),
    onSelect: props.onSelect,
    onMove: manual ? onMove : undefined,
  });
  if (props.exportRef !== undefined) props.exportRef.current = () => copy.csv(rows);
  const stopRow =
    find(focus.row) >= 0 ? focus.row : find(props.selected ?? null) >= 0 ? props.selected : idAt(0);
  const menuRow = rows[find(pointed.row)] ?? null;
  const menuColumn = columns[pointed.column];
  const waits = props.busy === true && rows.length === 0;
  const total = columns.reduce((sum, { id }) => sum + width(id), 0);
  return (
    <RowMenu
      row={menuRow}
      name={menuRow === null ? label : props.rowName(menuRow)}
      actions={actions}
      opener={pointed.element}
      copy={{
        copyCell:
          menuRow === null || menuColumn === undefined
            ? null
            : () => copy.text(menuColumn.text(menuRow), menuColumn.title),
        copyRow: () => copy.rows(menuRow === null ? [] : [menuRow], false),
        copyTable: () => copy.rows(rows, true),
        saveCsv: () => copy.csv(rows),
      }}
    >
      <div
        className="table-scroll"
        ref={scroller}
        tabIndex={rows.length === 0 ? 0 : -1}
        role="group"
        aria-label={`${label}, all rows`}
      >
        <table
          className="data-table"
          ref={table}
          aria-label={label}
          aria-busy={props.busy === true}
          aria-rowcount={rows.length + 1}
          style={{ minWidth: `${total}px`, '--table-row': `${rowHeight}px` } as object}
        >
          <colgroup>
            {columns.map(({ id }) => (
              <col key={id} style={{ width: `${(100 * width(id)) / total}%` }} />
            ))}
          </colgroup>
          <TableHead all={props.columns} {...{ columns, settings, change }} sort={shown.sort} width={width} />
          <tbody
            ref={body}
            {...events}
            style={{ '--above': `${first * rowHeight}px`, '--below': `${after * rowHeight}px` } as object}
            data-above={first > 0}
            data-below={after > 0}
            data-manual={manual}
          >
            {waits && <SkeletonRows columns={columns} />}
            {items.map(({ index }) => {
              const row = rows[index];
              if (row === undefined) return null;
              const id = rowId(row);
              return (
                <TableRow
                  key={id}
                  {...{ row, id, index, columns }}
                  data={props.rowData?.(row)}
                  name={props.rowName(row)}
                  selected={props.selected === undefined ? undefined : id === props.selected}
                  stop={id === stopRow ? (id === focus.row ? focus.column : -1) : null}
                  draggable={manual}
                  hasMenu={actions.length > 0}
                />
              );
            })}
          </tbody>
        </table>
        {rows.length === 0 && props.busy !== true && props.empty}
        {waits && (
          <p className="visually-hidden" role="status" aria-label={`${label}: waiting for the engine`} />
        )}
        <p className="table-said" role="status">
          {copy.said}
        </p>
      </div>
    </RowMenu>
  );
}
