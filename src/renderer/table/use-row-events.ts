import {
  useRef,
  type DragEvent,
  type FocusEvent,
  type HTMLAttributes,
  type KeyboardEvent,
  type MouseEvent,
} from 'react';
import type { Column, Place, RowAction } from './column.ts';
import { opensMenu, placeAfter } from './table-keys.ts';
import type { Copy } from './use-copy.ts';

/** What a menu is asked for; no row when it was asked for beside the rows. */
export interface Pointed {
  row: string | null;
  column: number;
  element: Element | null;
}

/** What the listeners of a table's body need. */
export interface RowEventsGiven<Row> {
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  /** Place of a row by its id, -1 when it is not shown. */
  find: (id: string | null) => number;
  go: (place: Place) => void;
  note: (row: string, column: number) => void;
  copy: Copy<Row>;
  actions: readonly RowAction<Row>[];
  setPointed: (pointed: Pointed) => void;
  /** Rows that Page keys move by. */
  page: number;
  onSelect: ((row: Row) => void) | undefined;
  onMove: ((row: Row, steps: number) => void) | undefined;
}

type Listeners = Pick<
  HTMLAttributes<HTMLElement>,
  'onClick' | 'onKeyDown' | 'onFocus' | 'onContextMenu' | 'onDragStart' | 'onDragOver' | 'onDrop'
>;

/** Listeners for the whole body at once: a row is found by the element the event came from, so rows need none of their own. */
export function useRowEvents<Row>(given: RowEventsGiven<Row>): Listeners {
  const { rows, columns, find, go, actions, onMove, onSelect } = given;
  const dragged = useRef<string | null>(null);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const { row: id, column } = placeOf(event.target);
    const index = find(id);
    const row = rows[index];
    if (row === undefined) return;
    const done = (): void => event.preventDefault();
    if (opensMenu(event)) {
      done();
      openMenu(event.target as HTMLElement);
      return;
    }
    const down = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (event.altKey && down !== 0) {
      if (onMove === undefined) return;
      done();
      onMove(row, down);
      return;
    }
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'c') {
      // Text that was marked is what the trader means.
      if ((event.target as Element).ownerDocument.getSelection()?.isCollapsed === false) return;
      done();
      const cell = columns[column];
      if (cell === undefined) given.copy.rows([row], false);
      else given.copy.text(cell.text(row), cell.title);
      return;
    }
    const action = actions.find(one => one.key === event.key && (one.when?.(row) ?? true));
    if (action !== undefined && !event.ctrlKey && !event.altKey && !event.metaKey) {
      done();
      action.run(row);
      return;
    }
    if (event.key === 'Enter' || event.key === ' ') {
      if (onSelect === undefined || isButton(event.target)) return;
      done();
      onSelect(row);
      return;
    }
    const place = placeAfter(
      event,
      { row: index, column },
      { rows: rows.length, columns: columns.length, page: given.page },
    );
    if (place === null) return;
    done();
    go(place);
    const next = rows[place.row];
    if (next !== undefined && place.row !== index) onSelect?.(next);
  };

  return {
    onKeyDown,
    onClick(event: MouseEvent<HTMLElement>) {
      const row = rows[find(placeOf(event.target).row)];
      if (row === undefined) return;
      const button = (event.target as HTMLElement).closest<HTMLElement>('.row-menu-button');
      if (button !== null) openMenu(button);
      else if (!isButton(event.target)) onSelect?.(row);
    },
    onFocus(event: FocusEvent<HTMLElement>) {
      const { row, column } = placeOf(event.target);
      if (row !== null) given.note(row, column);
    },
    onContextMenu: event => given.setPointed({ ...placeOf(event.target), element: event.target as Element }),
    onDragStart(event: DragEvent<HTMLElement>) {
      dragged.current = placeOf(event.target).row;
      event.dataTransfer.effectAllowed = 'move';
      event.dataTransfer.setData('text/plain', dragged.current ?? '');
    },
    onDragOver(event: DragEvent<HTMLElement>) {
      if (dragged.current !== null && onMove !== undefined) event.preventDefault();
    },
    onDrop(event: DragEvent<HTMLElement>) {
      const from = find(dragged.current);
      const to = find(placeOf(event.target).row);
      dragged.current = null;
      const row = rows[from];
      if (row === undefined || to < 0 || to === from) return;
      event.preventDefault();
      onMove?.(row, to - from);
    },
  };
}

/** The row and the cell an event came from; -1 for the row itself. */
function placeOf(target: EventTarget): { row: string | null; column: number } {
  const element = target as Element;
  const row = element.closest<HTMLElement>('tr[data-row]');
  const cell = element.closest('td, th');
  const column = row === null || cell === null ? -1 : [...row.children].indexOf(cell);
  return { row: row?.dataset['row'] ?? null, column };
}

function isButton(target: EventTarget): boolean {
  return (target as Element).closest('button, a, input') !== null;
}

/** Asks for the menu where the element stands, as a right click there would. */
function openMenu(element: HTMLElement): void {
  const { left, bottom, width } = element.getBoundingClientRect();
  element.dispatchEvent(
    new window.MouseEvent('contextmenu', {
      bubbles: true,
      cancelable: true,
      clientX: left + Math.min(width / 2, 40),
      clientY: bottom - 4,
    }),
  );
}
