import type { ReactNode } from 'react';

/** One column of a {@link DataTable}. Columns are constants of a module, or kept by `useMemo`: a new one draws its cells anew. */
export interface Column<Row> {
  /** Its name in pane settings: never changed once released. */
  readonly id: string;
  /** Stands in the header, and in the first line of what is exported. */
  readonly title: string;
  /** More words for whoever points at the header. */
  readonly hint?: string;
  /** Width in px before anybody changes it; left-over room is shared out in proportion. */
  readonly width: number;
  /** Numbers stand on the right edge and sort from the largest down at first. */
  readonly number?: boolean;
  /** Names the row for assistive technology; one column of each table. It cannot be hidden. */
  readonly header?: boolean;
  /**
   * Draws what stands in the cell. Called again only for another row object: what changes by itself (a price, an age) is a
   * component that subscribes to its store.
   */
  readonly cell: (row: Row) => ReactNode;
  /** The cell's whole value for the clipboard and the file: no rounding, no grouping, no unit. */
  readonly text: (row: Row) => string;
  /** Order from the smallest up; without it the column does not sort. */
  readonly compare?: (a: Row, b: Row) => number;
  /** The value changes without the row: while sorted by it, the order is looked at again every second. */
  readonly live?: boolean;
  /** Where there is no room for all columns, the one with the highest number goes first; without one it stays. */
  readonly drop?: number;
  /** Class of the cell. */
  readonly className?: string;
}

/** One line of a row's menu. */
export interface RowAction<Row> {
  readonly label: string;
  readonly run: (row: Row) => void;
  /** A key that does the same while the row has the focus, as in `KeyboardEvent.key`: `Delete`. */
  readonly key?: string;
  /** Left out of the menu when it says no. */
  readonly when?: (row: Row) => boolean;
}

/** The cell or row that has, or would get, the keyboard's focus: `column` -1 is the row itself. */
export interface Place {
  readonly row: number;
  readonly column: number;
}
