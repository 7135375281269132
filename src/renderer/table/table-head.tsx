import { useRef, type DragEvent, type KeyboardEvent, type PointerEvent, type ReactElement } from 'react';
import type { Column } from './column.ts';
import { fitWidth, moveColumn, nextSort, type Sort, type TableSettings } from './table-settings.ts';

export interface TableHeadProps<Row> {
  readonly all: readonly Column<Row>[];
  readonly columns: readonly Column<Row>[];
  readonly sort: Sort | null;
  readonly settings: TableSettings;
  readonly width: (id: string) => number;
  readonly change: (part: Partial<TableSettings>) => void;
}

/** How far a key makes a column wider or narrower, px. */
const STEP = 12;

/**
 * The header: a click or Enter sorts, dragging or Alt with an arrow moves a column, its edge or Shift with an arrow makes it
 * wider or narrower, arrows alone go from column to column.
 */
export function TableHead<Row>(props: TableHeadProps<Row>): ReactElement {
  const { columns, settings, change, sort, all } = props;
  const row = useRef<HTMLTableRowElement>(null);
  const move = (id: string, steps: number): void => change({ order: moveColumn(all, settings, id, steps) });
  const resize = (id: string, by: number): void =>
    change({ widths: { ...settings.widths, [id]: fitWidth(props.width(id) + by) } });
  const onKey = (event: KeyboardEvent, { id }: Column<Row>, place: number): void => {
    const by = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    if (by === 0 || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.altKey) move(id, by);
    else if (event.shiftKey) resize(id, by * STEP);
    else row.current?.querySelectorAll<HTMLElement>('.column-title')[place + by]?.focus();
  };
  const onDrop = (event: DragEvent, target: number): void => {
    const id = event.dataTransfer.getData('text/x-column');
    const from = columns.findIndex(column => column.id === id);
    if (from >= 0 && from !== target) move(id, target - from);
  };
  return (
    <thead>
      <tr ref={row} aria-rowindex={1}>
        {columns.map((column, place) => (
          <th
            key={column.id}
            scope="col"
            data-title={column.id}
            className={column.number === true ? 'number' : undefined}
            title={column.hint}
            aria-sort={sort?.id === column.id ? (sort.desc ? 'descending' : 'ascending') : undefined}
            draggable
            onDragStart={event => event.dataTransfer.setData('text/x-column', column.id)}
            onDragOver={event => {
              if (event.dataTransfer.types.includes('text/x-column')) event.preventDefault();
            }}
            onDrop={event => onDrop(event, place)}
          >
            <button
              type="button"
              className="column-title"
              tabIndex={place === 0 ? 0 : -1}
              data-sorts={column.compare !== undefined}
              onClick={() => {
                if (column.compare !== undefined) change({ sort: nextSort(settings.sort, column) });
              }}
              onKeyDown={event => onKey(event, column, place)}
            >
              {column.title}
              {sort?.id === column.id && (
                <span className="sort-mark" aria-hidden="true">
                  {sort.desc ? '▾' : '▴'}
                </span>
              )}
            </button>
            <Edge
              start={() => props.width(column.id)}
              onWidth={width => change({ widths: { ...settings.widths, [column.id]: width } })}
            />
          </th>
        ))}
      </tr>
    </thead>
  );
}

/** The edge by which a column is made wider or narrower; for the pointer alone, the keyboard has Shift with the arrows. */
function Edge({ start, onWidth }: { start: () => number; onWidth: (width: number) => void }): ReactElement {
  const drag = useRef<{ x: number; width: number } | null>(null);
  const onMove = (event: PointerEvent): void => {
    if (drag.current !== null) onWidth(fitWidth(drag.current.width + event.clientX - drag.current.x));
  };
  return (
    <span
      className="column-edge"
      aria-hidden="true"
      // The header is dragged by its title; by its edge it is not, and a drag would take the pointer away.
      onMouseDown={event => event.preventDefault()}
      onPointerDown={event => {
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.current = { x: event.clientX, width: start() };
      }}
      onPointerMove={onMove}
      onPointerUp={() => {
        drag.current = null;
      }}
    />
  );
}
