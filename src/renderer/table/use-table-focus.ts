import { useCallback, useEffect, useRef, useState, type RefObject } from 'react';
import type { Place } from './column.ts';

/** Where the keyboard is in a table, by the row's own id, so that it stays with its row when the order changes. */
export interface TableFocus {
  /** The row whose turn it is when Tab comes in; `null`: the selected one, or the first. */
  readonly row: string | null;
  readonly column: number;
}

const NOWHERE: TableFocus = { row: null, column: -1 };

/**
 * Roving focus: one row or cell of the table is in the order of Tab, and `go` takes the focus to another, which may have to be
 * scrolled into sight (and so be drawn) first.
 */
export function useTableFocus(
  body: RefObject<HTMLElement | null>,
  idAt: (row: number) => string | undefined,
  reveal: (row: number) => void,
): { focus: TableFocus; note: (row: string, column: number) => void; go: (place: Place) => void } {
  const [focus, setFocus] = useState(NOWHERE);
  const wanted = useRef<TableFocus | null>(null);
  const take = useCallback((): void => {
    const { row, column } = wanted.current ?? NOWHERE;
    if (row === null) return;
    const element = body.current?.querySelector<HTMLElement>(`tr[data-row="${CSS.escape(row)}"]`);
    if (element === undefined || element === null) return;
    wanted.current = null;
    (column < 0 ? element : (element.children[column] as HTMLElement)).focus({ preventScroll: true });
  }, [body]);
  // After every drawing: the row wanted may just have come in.
  useEffect(take);
  const note = useCallback((row: string, column: number) => {
    setFocus(now => (now.row === row && now.column === column ? now : { row, column }));
  }, []);
  const go = (place: Place): void => {
    const row = idAt(place.row);
    if (row === undefined) return;
    wanted.current = { row, column: place.column };
    setFocus(wanted.current);
    reveal(place.row);
    take();
  };
  return { focus, note, go };
}
