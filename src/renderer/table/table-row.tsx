import { memo, type ReactElement, type ReactNode } from 'react';
import { useRegion } from '../format/use-region.ts';
import type { Column } from './column.ts';

/** What a row puts on its element for style sheets and tests. */
export type RowData = Readonly<Partial<Record<`data-${string}`, string>>>;

export interface TableRowProps<Row> {
  readonly row: Row;
  readonly id: string;
  /** Place among the shown rows, from 0. */
  readonly index: number;
  readonly columns: readonly Column<Row>[];
  readonly data: RowData | undefined;
  /** Its name for the button of its menu. */
  readonly name: string;
  readonly selected: boolean | undefined;
  /** The cell that takes the keyboard's focus next, -1 for the row itself; `null`: not in this row. */
  readonly stop: number | null;
  /** The row can be dragged to another place. */
  readonly draggable: boolean;
  readonly hasMenu: boolean;
}

/**
 * One row. Drawn anew only when something of it changes; its cells only for another row object or other columns, because
 * what lives in them subscribes by itself.
 */
function Row<Data>(props: TableRowProps<Data>): ReactElement {
  const { row, id, index, columns, data, selected, stop } = props;
  return (
    <tr
      {...data}
      data-row={id}
      aria-rowindex={index + 2}
      {...(selected === undefined ? {} : { 'aria-selected': selected })}
      tabIndex={stop === -1 ? 0 : -1}
      draggable={props.draggable || undefined}
    >
      {columns.map((column, place) => (
        <Cell
          key={column.id}
          row={row}
          column={column as Column<unknown>}
          stop={stop === place}
          menu={column.header === true && props.hasMenu ? props.name : null}
        />
      ))}
    </tr>
  );
}

/** Keeps the type of its rows, which `memo` alone would lose. */
export const TableRow = memo(Row) as typeof Row;

interface CellProps {
  readonly row: unknown;
  readonly column: Column<unknown>;
  readonly stop: boolean;
  readonly menu: string | null;
}

const Cell = memo(function Cell({ row, column, stop, menu }: CellProps): ReactElement {
  const focus = { tabIndex: stop ? 0 : -1, 'data-column': column.id };
  const className = `${column.number === true ? 'number ' : ''}${column.className ?? ''}`.trim();
  if (column.header !== true) {
    return (
      <td {...focus} className={className}>
        <Content row={row} column={column} />
      </td>
    );
  }
  return (
    <th scope="row" {...focus} className={className} aria-label={column.text(row)} title={column.text(row)}>
      <Content row={row} column={column} />
      {menu !== null && (
        <button type="button" className="row-menu-button" tabIndex={-1} aria-label={`Menu of ${menu}`}>
          <span aria-hidden="true">⋯</span>
        </button>
      )}
    </th>
  );
});

/** Apart, so that a focus that moves draws no value anew; another region does. */
const Content = memo(function Content({ row, column }: Pick<CellProps, 'row' | 'column'>): ReactNode {
  useRegion();
  return column.cell(row);
});
